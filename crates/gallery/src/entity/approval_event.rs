//! Table `gallery.approval_events`: the history of every image's approval.

use chrono::{DateTime, Utc};
use kernel::ids::{EventId, ImageId, UserId, WorkspaceId};
use sea_orm::entity::prelude::*;

use super::Status;

/// One step of an approval.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "gallery", table_name = "approval_events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EventId,
    pub workspace_id: WorkspaceId,
    pub image_id: ImageId,
    pub actor_id: Option<UserId>,
    pub from_status: Status,
    pub to_status: Status,
    pub reason_code: Option<String>,
    pub reason: Option<String>,
    pub at: DateTime<Utc>,
    pub is_appeal: bool,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
