//! Who wants an account and has still to prove the address.

use kernel::ids::{RoleId, WorkspaceId};
use sea_orm::entity::prelude::*;

use super::user::PasswordHash;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "accounts", table_name = "sign_ups")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub proof_id: Uuid,
    pub username: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub password_hash: PasswordHash,
    pub workspace_id: Option<WorkspaceId>,
    pub role_id: Option<RoleId>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
