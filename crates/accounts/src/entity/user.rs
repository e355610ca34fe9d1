//! An account's row.

use std::fmt;

use chrono::{DateTime, Utc};
use kernel::ids::{UserId, WorkspaceId};
use sea_orm::entity::prelude::*;

use crate::dto::{AccountStatus, DisabledBy};

/// A PHC string. It is kept out of logs.
#[derive(Clone, PartialEq, Eq, DeriveValueType)]
pub struct PasswordHash(pub String);

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash")
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "accounts", table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UserId,
    pub email: String,
    pub email_key: String,
    pub username: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub password_hash: Option<PasswordHash>,
    pub status: AccountStatus,
    pub disabled_by: Option<DisabledBy>,
    pub email_verified_at: Option<DateTime<Utc>>,
    pub created_via: Option<WorkspaceId>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Model {
    /// What clients may call the account by.
    pub(crate) fn names(&self) -> Vec<String> {
        [Some(self.email_key.clone()), self.username.clone(), Some(self.id.to_string())].into_iter().flatten().collect()
    }
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
