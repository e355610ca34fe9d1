//! Photos of workshops, on their way out, and which of them are to go.

use chrono::{DateTime, Utc};
use kernel::ids::{ImageId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::WorkshopId;

/// Where among the photos of a workshop one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = WorkshopPhotoPart)]
pub enum Part {
    /// Among what describes the workshop.
    Description,
    /// Among what those who attended share.
    Attendee,
}

/// A photo of a workshop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = WorkshopPhoto)]
pub struct PhotoView {
    /// Its identity; `/photos/{id}` is the photo itself, with its likes and comments.
    pub id: ImageId,
    /// The workshop.
    pub workshop_id: WorkshopId,
    /// Where among its photos.
    pub part: Part,
    /// Who uploaded it.
    pub uploader_id: UserId,
    /// What is to be seen.
    pub description: String,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// `image/jpeg`, `image/png`, `image/webp` or `image/gif`.
    pub media_type: String,
    /// In pixels, the right way up.
    pub width: i32,
    /// In pixels, the right way up.
    pub height: i32,
    /// Where the picture is.
    pub content: String,
    /// Where its thumbnail is.
    pub thumbnail: String,
    /// How many like it.
    pub likes: u64,
    /// Whether the caller does.
    pub liked: bool,
    /// How many comments it has.
    pub comments: u64,
    /// When it was uploaded.
    pub created_at: DateTime<Utc>,
}

/// Which photos are to go.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PhotoIds {
    /// Photos that describe the workshop, 1 to 100. If one of them is none of its, all stay.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_items = 1, max_items = 100)]
    pub photo_ids: Vec<ImageId>,
}

/// Photos aren't filtered.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PhotoFilter {}

/// The form that a photo comes in.
#[derive(Debug, ToSchema)]
pub struct PhotoUpload {
    /// The picture: JPEG, PNG, WebP or GIF.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    pub file: String,
    /// What is to be seen, at most 2,000 characters.
    pub description: Option<String>,
    /// Words to find it by, parted by commas.
    pub tags: Option<String>,
}
