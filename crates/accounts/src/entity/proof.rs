//! Something that was mailed to someone, to be given back as a code or a link. Neither is kept.

use chrono::{DateTime, Utc};
use kernel::ids::UserId;
use sea_orm::entity::prelude::*;

use crate::proof::Purpose;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "accounts", table_name = "proofs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub purpose: Purpose,
    pub user_id: Option<UserId>,
    pub email: String,
    pub email_key: String,
    pub tries: i16,
    pub mails: i16,
    pub mailed_at: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
