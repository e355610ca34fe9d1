//! Table `gallery.images`.

use chrono::{DateTime, Utc};
use kernel::ids::{ImageId, UserId, WorkspaceId};
use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};

use super::{Part, Status};

/// Tags in their one form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(transparent)]
pub struct Tags(pub Vec<String>);

/// An image.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "gallery", table_name = "images")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ImageId,
    pub workspace_id: WorkspaceId,
    pub uploader_id: UserId,
    pub status: Status,
    pub submitted_at: Option<DateTime<Utc>>,
    pub description: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub tags: Tags,
    pub content_hash: Vec<u8>,
    pub media_type: String,
    pub width: i32,
    pub height: i32,
    pub frames: i32,
    pub original_bytes: i64,
    pub display_bytes: i64,
    pub thumbnail_bytes: i64,
    pub thumbnail_media_type: String,
    pub original_name: Option<String>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// Set together or not at all: what makes it a photo of a workshop.
    pub workshop_id: Option<Uuid>,
    pub part: Option<Part>,
    pub steward_id: Option<UserId>,
    pub is_appeal: bool,
    pub claimed_by: Option<UserId>,
    pub claimed_until: Option<DateTime<Utc>>,
    pub decided_at: Option<DateTime<Utc>>,
    /// Set together: it is in the trash.
    pub deleted_at: Option<DateTime<Utc>>,
    pub deleted_by: Option<UserId>,
    pub small_webp_bytes: Option<i64>,
    pub large_bytes: Option<i64>,
    pub large_webp_bytes: Option<i64>,
    pub thumbhash: Option<Vec<u8>>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
