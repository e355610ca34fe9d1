//! The gallery: images, the approval that they wait for, and their bytes.
//!
//! What isn't approved is for its uploader and for those who work on the gallery; see [`visibility`].

mod actions;
pub mod demo;
mod dto;
mod entity;
mod error;
pub mod events;
pub mod ids;
mod keeping;
pub mod permissions;
pub mod photos;
pub mod ports;
pub mod provision;
mod routes;
mod service;
mod settings;
mod storage;
mod store;
mod subject;
mod tags;
mod upload;
mod usage;
pub mod visibility;

pub use dto::{ApprovalEntry, ApprovalView, ImageLinks, ImageView, PendingView};
pub use entity::{Part, ReportStatus, Status};
pub use error::GalleryError;
pub use keeping::{Defect, Found, Keeping, Swept};
pub use permissions::DECLARATIONS;
pub use pictures as picture;
pub use routes::routes;
pub use service::Images;
pub use settings::GallerySettings;
pub use subject::{COMMENTS, IMAGES, TRASHED_IMAGES};
pub use usage::Storage;

/// The module: its schema in the database is `gallery`.
#[derive(Clone, Copy, Debug)]
pub struct Schema;

impl kernel::db::Module for Schema {
    const NAME: &'static str = "gallery";
}
