//! Views of what can be granted, and of what one holds.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kernel::{grant::Scope, ids::WorkspaceId};
use serde::Serialize;
use utoipa::ToSchema;

/// The vocabulary of role documents.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VocabularyView {
    /// Every permission, in the order of the modules that enforce them.
    pub items: Vec<PermissionView>,
    /// Every limit.
    pub limits: Vec<LimitView>,
}

/// A permission.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PermissionView {
    /// Its key in role documents.
    pub key: &'static str,
    /// What it allows, for people.
    pub sentence: &'static str,
    /// The scopes that a grant of it may have, narrowest first.
    pub scopes: &'static [Scope],
    /// The module that enforces it.
    pub module: &'static str,
    /// Whether it has a say in who may do what, so that an administrator must have it.
    pub governing: bool,
}

/// A limit.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LimitView {
    /// Its key in role documents.
    pub key: &'static str,
    /// What it bounds, for people.
    pub sentence: &'static str,
    /// The module that enforces it.
    pub module: &'static str,
}

impl VocabularyView {
    /// The view of `vocabulary`.
    pub(crate) fn of(vocabulary: &policy::Vocabulary) -> Self {
        let items = vocabulary.permissions().map(|(module, permission)| PermissionView {
            key: permission.key,
            sentence: permission.sentence,
            scopes: permission.scopes,
            module,
            governing: vocabulary.governing().contains(&permission),
        });
        let limits =
            vocabulary.limits().map(|(module, limit)| LimitView { key: limit.key, sentence: limit.sentence, module });
        Self { items: items.collect(), limits: limits.collect() }
    }
}

/// What somebody holds in a workspace.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EffectivePermissions)]
pub(crate) struct PermissionsView {
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The name of the role that the membership gives; null for someone whose membership gives none now.
    pub role: Option<String>,
    /// The name of the platform role, which holds in every workspace; told to its holder only.
    pub platform_role: Option<String>,
    /// Whether they own the workspace.
    pub is_owner: bool,
    /// When the membership ends by itself.
    pub expires_at: Option<DateTime<Utc>>,
    /// Every permission that is granted, by key.
    pub grants: BTreeMap<&'static str, GrantView>,
    /// Every limit that is set, by key.
    pub limits: BTreeMap<&'static str, LimitedView>,
}

/// A granted permission.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct GrantView {
    /// How far it reaches.
    pub scope: Scope,
    /// What grants it.
    pub source: SourceView,
}

/// A limit that is set.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct LimitedView {
    /// The bound.
    pub value: i64,
    /// What sets it.
    pub source: SourceView,
}

/// What grants a permission or sets a limit.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct SourceView {
    /// The name of the role.
    pub role: String,
    /// The key in its document: the permission's or limit's own, or `*`.
    pub key: &'static str,
}
