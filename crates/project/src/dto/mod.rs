//! What goes over the wire: bodies, views, filters.

mod avatar;
mod checks;
mod export;
mod filter;
mod member;
mod project;

pub use avatar::Avatar;
pub use export::ExportFilter;
pub use filter::{PersonRef, ProjectFilter, Search};
pub use member::{MemberFilter, MemberPatch, MemberView, NewMember};
pub use project::{NewOwner, NewProject, ProjectContent, ProjectPatch, ProjectView};
