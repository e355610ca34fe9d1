//! What operations on albums take and answer.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use kernel::{
    authority::WorkspaceRef,
    http::{given, not_null},
    ids::{ImageId, UserId, WorkspaceId},
    listing::Search,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

use super::{ImageLinks, MAX_DESCRIPTION, bulk::several};
use crate::{ids::AlbumId, store::albums::Shown};

/// An album.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AlbumView {
    /// Its id.
    pub id: AlbumId,
    /// The workspace it belongs to.
    pub workspace_id: WorkspaceId,
    /// Who made it.
    pub creator_id: UserId,
    /// What it is called.
    pub title: String,
    /// What it is about.
    pub description: String,
    /// How many images are in it that the caller may see.
    pub images: u64,
    /// What it is shown by, if that was chosen and the caller may see it.
    pub cover: Option<CoverView>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Its version, which is also its entity tag. What becomes of the images in it changes the count, not the version.
    pub version: i32,
}

/// The image that an album is shown by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CoverView {
    /// Which.
    pub image_id: ImageId,
    /// Where its bytes are.
    pub links: ImageLinks,
}

impl From<Shown> for AlbumView {
    fn from(Shown { album, images, cover }: Shown) -> Self {
        Self {
            id: album.id,
            workspace_id: album.workspace_id,
            creator_id: album.creator_id,
            title: album.title,
            description: album.description,
            images: images.unsigned_abs(),
            cover: cover.map(|image_id| CoverView { image_id, links: ImageLinks::of(image_id) }),
            created_at: album.created_at,
            updated_at: album.updated_at,
            version: album.version,
        }
    }
}

/// An album to be made.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAlbum {
    /// The workspace, by id or slug. May be left out by who belongs to exactly one.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub workspace: Option<WorkspaceRef>,
    /// What it is called, 1 to 200 characters.
    #[validate(custom(function = titled))]
    pub title: String,
    /// What it is about, at most 2,000 characters.
    #[serde(default)]
    #[validate(length(max = MAX_DESCRIPTION))]
    pub description: String,
}

/// What can be said of an album; what is left out becomes empty.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AlbumDetails {
    /// What it is called, 1 to 200 characters.
    #[validate(custom(function = titled))]
    pub title: String,
    /// What it is about, at most 2,000 characters.
    #[serde(default)]
    #[validate(length(max = MAX_DESCRIPTION))]
    pub description: String,
    /// An image of the album that it is shown by.
    #[serde(default)]
    pub cover_image_id: Option<ImageId>,
}

/// What is to be changed of an album. Null empties.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AlbumPatch {
    /// What it is called, 1 to 200 characters.
    #[serde(deserialize_with = "not_null")]
    #[validate(custom(function = titled))]
    pub title: Option<String>,
    /// What it is about, at most 2,000 characters.
    #[expect(clippy::option_option, reason = "left out is not the same as null")]
    #[serde(deserialize_with = "given")]
    #[validate(length(max = MAX_DESCRIPTION))]
    pub description: Option<Option<String>>,
    /// An image of the album that it is shown by.
    #[expect(clippy::option_option, reason = "left out is not the same as null")]
    #[serde(deserialize_with = "given")]
    pub cover_image_id: Option<Option<ImageId>>,
}

impl From<AlbumDetails> for AlbumPatch {
    fn from(details: AlbumDetails) -> Self {
        Self {
            title: Some(details.title),
            description: Some(Some(details.description)),
            cover_image_id: Some(details.cover_image_id),
        }
    }
}

fn titled(title: &str) -> Result<(), ValidationError> {
    match title.trim().chars().count() {
        1..=200 => Ok(()),
        _ => Err(ValidationError::new("length").with_message(Cow::Borrowed("It takes 1 to 200 characters."))),
    }
}

/// Filters of the list of albums.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct AlbumFilter {
    /// Words, each of which is a part of the title or the description, in any case.
    #[param(value_type = Option<String>, max_length = 200)]
    pub search: Option<Search>,
}

/// Images to be put into an album, or taken out of it.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AlbumImages {
    /// 1 to 500 images, each once.
    #[validate(custom(function = several))]
    pub image_ids: Vec<ImageId>,
}

/// Where an image of an album is to come.
#[derive(Clone, Copy, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AlbumPlace {
    /// The image of the album that it comes after; null to come first.
    #[serde(deserialize_with = "Option::deserialize")]
    pub after: Option<ImageId>,
}
