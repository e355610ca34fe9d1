//! A membership's row.

use chrono::{DateTime, Utc};
use kernel::ids::{RoleId, UserId, WorkspaceId};
use sea_orm::entity::prelude::*;

use crate::dto::MemberStatus;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "workspace", table_name = "members")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: WorkspaceId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    pub role_id: RoleId,
    pub status: MemberStatus,
    pub hour_rate: Option<i64>,
    pub expires_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub joined_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::workspace::Entity",
        from = "Column::WorkspaceId",
        to = "super::workspace::Column::Id"
    )]
    Workspace,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// A membership that begins when they accept.
    pub(crate) fn invited(workspace: WorkspaceId, user: UserId, role: RoleId, now: DateTime<Utc>) -> Self {
        Self { status: MemberStatus::Invited, ..Self::begun(workspace, user, role, now) }
    }

    /// An active membership that begins at `now`.
    pub(crate) fn begun(workspace: WorkspaceId, user: UserId, role: RoleId, now: DateTime<Utc>) -> Self {
        Self {
            workspace_id: workspace,
            user_id: user,
            role_id: role,
            status: MemberStatus::Active,
            hour_rate: None,
            expires_at: None,
            version: 1,
            joined_at: now,
            updated_at: now,
        }
    }
}
