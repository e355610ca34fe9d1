//! What happened, as it is read: the words that every domain shows its history in, and the port to whoever keeps it.
//!
//! Who may read the history of a thing follows from the thing, so its route lies where the thing is found and guarded; the
//! rows come through [`Trail`].

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::DbErr;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    grant::Permission,
    ids::{EventId, TokenId, UserId, WorkspaceId},
};

/// Read what happened, to one thing or in the whole workspace. Every domain that shows the history of its things asks
/// for this one, so it is declared once, by the domain that keeps the log.
pub const CAN_VIEW_AUDIT: Permission = Permission::whole("can_view_audit", "Read the audit trail");

/// A field that something changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FieldChange {
    /// The field.
    pub field: String,
    /// What it was; null where there was nothing, or where that is withheld.
    pub from: Value,
    /// What it is since; null where there is nothing, or where that is withheld.
    pub to: Value,
    /// Whether the values are not kept: they say who somebody is.
    pub withheld: bool,
}

/// One thing that happened, with all that is kept of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AuditEntry {
    /// Its identity.
    pub id: EventId,
    /// Its place in the workspace's chain: 1, 2, 3 and so on, without a gap.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// In which workspace; null for what happened in none.
    pub workspace_id: Option<WorkspaceId>,
    /// What happened, as in `project.updated`.
    pub action: String,
    /// Who did it, or on whose behalf it was done; null where no person did.
    pub actor_id: Option<UserId>,
    /// The personal access token with which a program did it on behalf of `actor_id`.
    pub token_id: Option<TokenId>,
    /// The part of the server that did it, where no person did.
    pub system_actor: Option<String>,
    /// Whether it was done by the right of a platform role: on behalf of the platform, not as a member.
    pub as_platform: bool,
    /// What it happened to, as in `project`.
    pub resource_kind: String,
    /// To which one.
    pub resource_id: Uuid,
    /// The fields that it changed.
    pub changes: Vec<FieldChange>,
    /// What else is known of it, as in `{"user_id": "…"}`.
    #[schema(value_type = Object)]
    pub facts: Map<String, Value>,
    /// SHA-256 over its content and the hash of the entry before it, in hexadecimal.
    pub hash: String,
}

/// One thing that somebody did. It names the fields that changed, and not what they were or are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ActivityEntry {
    /// Its identity.
    pub id: EventId,
    /// When.
    pub at: DateTime<Utc>,
    /// In which workspace; null for what happened in none.
    pub workspace_id: Option<WorkspaceId>,
    /// What they did, as in `project.updated`.
    pub action: String,
    /// The personal access token with which a program did it for them.
    pub token_id: Option<TokenId>,
    /// Whether they did it by the right of a platform role.
    pub as_platform: bool,
    /// What they did it to, as in `project`.
    pub resource_kind: String,
    /// To which one.
    pub resource_id: Uuid,
    /// The fields that changed by it.
    pub fields: Vec<String>,
}

impl From<AuditEntry> for ActivityEntry {
    fn from(entry: AuditEntry) -> Self {
        Self {
            id: entry.id,
            at: entry.at,
            workspace_id: entry.workspace_id,
            action: entry.action,
            token_id: entry.token_id,
            as_platform: entry.as_platform,
            resource_kind: entry.resource_kind,
            resource_id: entry.resource_id,
            fields: entry.changes.into_iter().map(|change| change.field).collect(),
        }
    }
}

/// Where a page of a history ended: what comes next is older.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark(pub DateTime<Utc>, pub EventId);

impl Mark {
    /// The mark of an entry.
    pub fn of(entry: &AuditEntry) -> Self {
        Self(entry.at, entry.id)
    }
}

/// From when to when a history is read.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Span {
    /// Not before this instant (RFC 3339).
    pub from: Option<DateTime<Utc>>,
    /// Before this instant (RFC 3339).
    pub to: Option<DateTime<Utc>>,
}

/// A stretch of a history, newest first.
#[derive(Clone, Debug, Default)]
pub struct Stretch {
    /// From when to when.
    pub span: Span,
    /// Older than this.
    pub after: Option<Mark>,
    /// As many entries at most.
    pub limit: u64,
}

/// Whoever keeps the log of what happened. A caller has decided who may read it.
#[async_trait]
pub trait Trail: Send + Sync + 'static {
    /// What happened to one thing of a workspace. One statement.
    async fn of_resource(
        &self,
        workspace: WorkspaceId,
        kind: &str,
        id: Uuid,
        stretch: &Stretch,
    ) -> Result<Vec<AuditEntry>, DbErr>;

    /// What `user` did, in these workspaces, or anywhere. One statement.
    async fn of_person(
        &self,
        user: UserId,
        among: Option<&[WorkspaceId]>,
        stretch: &Stretch,
    ) -> Result<Vec<AuditEntry>, DbErr>;
}
