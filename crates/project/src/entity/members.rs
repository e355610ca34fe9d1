//! `project.members`.

use chrono::{DateTime, Utc};
use kernel::ids::{ProjectId, UserId, WorkspaceId};
use sea_orm::entity::prelude::*;

/// Someone's part in a project.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "project", table_name = "members")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub project_id: ProjectId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    pub workspace_id: WorkspaceId,
    pub is_active: bool,
    pub added_at: DateTime<Utc>,
    pub added_by: Option<UserId>,
    pub version: i32,
    pub updated_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
