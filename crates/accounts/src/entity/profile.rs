//! A profile's row: made with the account.

use chrono::{DateTime, Utc};
use kernel::ids::UserId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "accounts", table_name = "profiles")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    pub bio: String,
    pub description: String,
    pub locale: Option<String>,
    pub timezone: Option<String>,
    pub avatar_emoji: Option<String>,
    pub avatar_color: Option<String>,
    pub version: i32,
    pub updated_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
