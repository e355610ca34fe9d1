//! The role engine: what a role document grants, decided in nanoseconds and explained in words. Pure: no I/O, no clock.
//!
//! The way of a role through this crate:
//!
//! 1. Every domain declares its permissions and limits; their sum is the [`Vocabulary`], fixed at start.
//! 2. The vocabulary reads JSON into a [`RoleDocument`], or names every [`Fault`] in it.
//! 3. A document is compiled into a [`CompiledRole`], which answers: may they ([`CompiledRole::decide`]), which ones
//!    ([`CompiledRole::list_scope`]), how many ([`CompiledRole::limit`]).
//! 4. A [`Mandate`] says which roles somebody may hand out, and a [`Blueprint`] is a set of roles to start a workspace with.
//!
//! ```
//! use kernel::grant::{Declarations, Permission, Relation};
//! use policy::{CompiledRole, Vocabulary};
//! use serde_json::json;
//!
//! const EDIT: &Permission = &Permission::ownable("can_edit_projects", "Edit projects");
//!
//! let project = Declarations { module: "project", permissions: &[EDIT], limits: &[] };
//! let vocabulary = Vocabulary::new(&[project])?;
//! let document = vocabulary.parse(&json!({ "can_edit_projects": "own" })).expect("a sound document");
//! let developer = CompiledRole::compile("developer", &document, &vocabulary);
//!
//! assert!(developer.allows(EDIT, Relation::Own));
//! assert!(!developer.allows(EDIT, Relation::Other));
//! # Ok::<(), policy::VocabularyError>(())
//! ```

mod blueprint;
mod ceiling;
mod delegation;
mod document;
mod fault;
mod grants;
mod json;
mod limits;
mod list;
mod mask;
mod role;
mod schema;
mod suggest;
mod vocabulary;

pub use blueprint::{Blueprint, BlueprintRole, MAX_ROLES, Registration};
pub use ceiling::Ceiling;
pub use delegation::{Mandate, Uncovered};
pub use document::{MAX_KEYS, Restored, RoleDocument, WILDCARD};
pub use fault::{Fault, code};
pub use json::MAX_TEXT_BYTES;
pub use limits::{EffectiveLimit, LimitSource, combine_limits};
pub use list::{Condition, ListScope};
pub use role::{CompiledRole, Grant, GrantSource, needed};
pub use vocabulary::{Vocabulary, VocabularyError};
