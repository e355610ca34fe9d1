//! `activity.events`.

use chrono::{DateTime, Utc};
use kernel::ids::{EventId, TokenId, UserId};
use sea_orm::entity::prelude::*;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(schema_name = "activity", table_name = "events")]
pub struct Model {
    /// The nil UUID for what happened in no workspace.
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub id: EventId,
    pub actor_id: Option<UserId>,
    pub token_id: Option<TokenId>,
    pub system_actor: Option<String>,
    pub as_platform: bool,
    pub action: String,
    pub resource_kind: String,
    pub resource_id: Uuid,
    pub changes: Json,
    pub facts: Json,
    pub at: DateTime<Utc>,
    pub hash: Vec<u8>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
