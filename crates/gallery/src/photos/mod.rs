//! Photos of workshops, for the module that has the workshops.
//!
//! They are images of the gallery, checked, stored and counted as all others, but listed with their workshop and not in
//! the gallery, and nobody has to approve them. Who may do what here the workshop's module decides before it asks: a
//! [`Photos`] is made with a system actor, which only the program's wiring has, and every change names its [`Caller`].

mod adding;
mod deleting;
mod reading;

use actix_web::{dev::Payload, http::header::HeaderMap};
use chrono::{DateTime, Utc};
use kernel::{
    db::System,
    ids::{ImageId, UserId, WorkspaceId},
};
use sea_orm::prelude::Uuid;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use adding::PreparedPhoto;

use crate::{Images, Part, Schema, dto::ImageView, upload::UploadForm};

/// The photos of workshops. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Photos {
    images: Images,
    system: System<Schema>,
}

impl Photos {
    /// The photos that `images` keeps, worked on by `system`.
    pub fn new(images: Images, system: System<Schema>) -> Self {
        Self { images, system }
    }
}

/// The form of a request that uploads a photo, not read yet: fields `file`, `description` and `tags`, as in an upload to the
/// gallery; the query takes `allow_duplicate`.
pub struct PhotoForm(UploadForm);

impl std::fmt::Debug for PhotoForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PhotoForm")
    }
}

impl PhotoForm {
    /// What came with a request: its headers, its query, its body.
    pub fn new(headers: HeaderMap, query: String, payload: Payload) -> Self {
        Self(UploadForm::new(headers, query, payload))
    }
}

/// A workshop, as far as its photos are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Workshop {
    /// In which workspace.
    pub workspace: WorkspaceId,
    /// Which.
    pub id: Uuid,
    /// Who made it: its photos are theirs.
    pub steward: UserId,
    /// Whether others may see it. The photos of one that is a draft are kept back with it: see [`Photos::show`].
    pub is_shown: bool,
}

/// A photo's place in the list of its workshop, the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoKey(pub DateTime<Utc>, pub ImageId);

/// A photo in the list of its workshop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PhotoView {
    /// The photo.
    #[serde(flatten)]
    pub image: ImageView,
    /// How many like it.
    pub likes: u64,
    /// Whether whoever asks does.
    pub liked: bool,
    /// How many comments it has.
    pub comments: u64,
}

impl PhotoView {
    /// Its place in the list.
    pub fn key(&self) -> PhotoKey {
        PhotoKey(self.image.created_at, self.image.id)
    }
}

/// Which of a workshop's photos.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The workshop.
    pub workshop: Uuid,
    /// One part of them, or all.
    pub part: Option<Part>,
}

/// What there is of a workshop's photos.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PhotoCounts {
    /// Photos that describe it.
    pub description: u64,
    /// Photos of those who took part.
    pub attendee: u64,
    /// Likes of all of them.
    pub likes: u64,
    /// Comments on all of them.
    pub comments: u64,
}
