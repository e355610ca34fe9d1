//! A profile's row: made with the account.

use std::fmt;

use chrono::{DateTime, Utc};
use kernel::ids::UserId;
use sea_orm::entity::prelude::*;

/// Something that the server's secret sealed.
#[derive(Clone, PartialEq, Eq, DeriveValueType)]
pub struct Sealed(pub Vec<u8>);

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed")
    }
}

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
    pub national_id: Option<Sealed>,
    pub phone: Option<String>,
    pub phone_confirmed_at: Option<DateTime<Utc>>,
    pub avatar_image: Option<Uuid>,
    pub avatar_hash: Option<Vec<u8>>,
    pub avatar_type: Option<String>,
    pub onboarded_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub updated_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::UserId", to = "super::user::Column::Id")]
    User,
}

impl Related<super::user::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::User.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
