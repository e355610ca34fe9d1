//! `project.projects`.

use chrono::{DateTime, Utc};
use kernel::ids::{ProjectId, UserId, WorkspaceId};
use sea_orm::entity::prelude::*;

/// A project.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "project", table_name = "projects")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProjectId,
    pub workspace_id: WorkspaceId,
    pub key: String,
    pub name: String,
    /// Made by the database of `name`; what the list is sorted by.
    pub name_sort: String,
    pub description: String,
    pub owner_id: UserId,
    pub is_public: bool,
    pub is_billable: bool,
    pub is_active: bool,
    pub avatar_emoji: Option<String>,
    pub avatar_color: Option<String>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
