//! `activity.notifications`.

use chrono::{DateTime, Utc};
use kernel::ids::{EventId, UserId, WorkspaceId};
use sea_orm::entity::prelude::*;

use crate::notifications::NotificationId;

/// One thing that one person is told of.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(schema_name = "activity", table_name = "notifications")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: NotificationId,
    pub workspace_id: WorkspaceId,
    pub user_id: UserId,
    pub seq: i64,
    pub kind: String,
    pub cause: EventId,
    pub subject_kind: String,
    pub subject_id: Uuid,
    pub title: String,
    pub body: String,
    pub data: Json,
    pub in_app: bool,
    pub mail: bool,
    pub created_at: DateTime<Utc>,
    pub read_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
