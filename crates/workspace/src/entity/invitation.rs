//! An invitation's row. Nothing of its token is kept: that is derived from `token_id` and the server's secret.

use chrono::{DateTime, Utc};
use kernel::ids::{RoleId, UserId, WorkspaceId};
use sea_orm::entity::prelude::*;

use crate::dto::{InvitationId, InvitationStatus};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "workspace", table_name = "invitations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InvitationId,
    pub workspace_id: WorkspaceId,
    pub email: Option<String>,
    pub email_key: Option<String>,
    pub user_id: Option<UserId>,
    pub role_id: RoleId,
    pub hour_rate: Option<i64>,
    pub invited_by: UserId,
    pub status: InvitationStatus,
    pub token_id: Uuid,
    pub sends: i32,
    pub sends_since: DateTime<Utc>,
    pub sent_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub settled_at: Option<DateTime<Utc>>,
    pub accepted_by: Option<UserId>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
