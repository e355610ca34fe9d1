//! A workspace's row.

use chrono::{DateTime, Utc};
use kernel::ids::{RoleId, UserId, WorkspaceId};
use sea_orm::entity::prelude::*;

use crate::dto::Registration;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "workspace", table_name = "workspaces")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WorkspaceId,
    pub slug: String,
    pub name: String,
    pub description: String,
    pub currency: String,
    pub registration: Registration,
    pub blueprint: String,
    pub owner_id: UserId,
    pub owner_role_id: RoleId,
    pub default_role_id: RoleId,
    pub avatar_emoji: Option<String>,
    pub avatar_color: Option<String>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub deleted_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
