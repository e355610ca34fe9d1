//! The row of the code that is out for someone's phone number. It holds none.

use chrono::{DateTime, Utc};
use kernel::ids::UserId;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "accounts", table_name = "phone_codes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    pub attempt_id: Uuid,
    pub phone: String,
    pub sent_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub tries: i32,
    pub used_at: Option<DateTime<Utc>>,
    pub day_began: DateTime<Utc>,
    pub sent_today: i32,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
