//! A role's row. The database counts its versions and keeps the former ones.

use chrono::{DateTime, Utc};
use kernel::ids::{RoleId, UserId, WorkspaceId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "workspace", table_name = "roles")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RoleId,
    pub workspace_id: Option<WorkspaceId>,
    pub name: String,
    pub title: String,
    pub description: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub permissions: Json,
    pub self_assignable: bool,
    pub promotes_to: Option<RoleId>,
    pub directory: Option<String>,
    pub granted_by_plan: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub updated_by: Option<UserId>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::workspace::Entity",
        from = "Column::WorkspaceId",
        to = "super::workspace::Column::Id"
    )]
    Workspace,
    #[sea_orm(belongs_to = "Entity", from = "Column::PromotesTo", to = "Column::Id")]
    Promotion,
}

impl ActiveModelBehavior for ActiveModel {}
