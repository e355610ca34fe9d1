//! Table `gallery.albums`.

use chrono::{DateTime, Utc};
use kernel::ids::{UserId, WorkspaceId};
use sea_orm::entity::prelude::*;

use crate::ids::AlbumId;

/// An album. Beside these the table has `title_sort`, which the database makes of the title.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "gallery", table_name = "albums")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AlbumId,
    pub workspace_id: WorkspaceId,
    pub creator_id: UserId,
    pub title: String,
    pub description: String,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
