//! Table `gallery.comments`.

use chrono::{DateTime, Utc};
use kernel::ids::{ImageId, UserId, WorkspaceId};
use sea_orm::entity::prelude::*;

use crate::ids::CommentId;

/// What somebody said of an image.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "gallery", table_name = "comments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CommentId,
    pub workspace_id: WorkspaceId,
    pub image_id: ImageId,
    pub parent_id: Option<CommentId>,
    pub author_id: UserId,
    pub body: String,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub edited_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// What it is about.
    #[sea_orm(belongs_to = "super::image::Entity", from = "Column::ImageId", to = "super::image::Column::Id")]
    Image,
}

impl Related<super::image::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Image.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
