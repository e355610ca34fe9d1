//! Table `gallery.reports`.

use chrono::{DateTime, Utc};
use kernel::ids::{ImageId, UserId, WorkspaceId};
use sea_orm::{DeriveActiveEnum, EnumIter, entity::prelude::*};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ids::ReportId;

/// What became of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize, ToSchema)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
#[schema(as = ReportStatus)]
pub enum ReportStatus {
    /// Nobody decided yet.
    Open,
    /// It was right.
    Upheld,
    /// It was not.
    Dismissed,
}

impl ReportStatus {
    /// The word for it in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Upheld => "upheld",
            Self::Dismissed => "dismissed",
        }
    }
}

/// What somebody finds wrong with an image.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "gallery", table_name = "reports")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReportId,
    pub workspace_id: WorkspaceId,
    pub image_id: ImageId,
    pub reporter_id: UserId,
    pub reason_code: String,
    pub reason: Option<String>,
    pub status: ReportStatus,
    pub handler_id: Option<UserId>,
    pub handled_at: Option<DateTime<Utc>>,
    pub note: Option<String>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
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
