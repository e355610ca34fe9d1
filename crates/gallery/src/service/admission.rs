//! How an image comes into a workspace, whoever brings it: its objects first, then its row, under its content's lock.

use chrono::{DateTime, Utc};
use kernel::ids::{ImageId, UserId, WorkspaceId};
use sea_orm::{ConnectionTrait, DbErr, prelude::Uuid};

use super::Images;
use crate::{
    actions::ImageRow,
    entity::{Status, image::Tags},
    error::GalleryError,
    storage::{Place, Variant},
    store,
    upload::{Developed, Spooled},
};

/// An upload on its way in.
#[derive(Debug)]
pub(crate) struct Admission {
    place: Place,
    original: Spooled,
    made: Developed,
}

/// What is known of an image besides its bytes.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) uploader: UserId,
    pub(crate) description: String,
    pub(crate) tags: Vec<String>,
    pub(crate) original_name: Option<String>,
    pub(crate) at: DateTime<Utc>,
}

impl Admission {
    pub(crate) fn place(&self) -> &Place {
        &self.place
    }

    /// The row of a draft.
    pub(crate) fn draft(&self, facts: Facts) -> ImageRow {
        let made = &self.made;
        ImageRow {
            id: ImageId::new(facts.at),
            workspace_id: self.place.workspace(),
            uploader_id: facts.uploader,
            status: Status::Draft,
            submitted_at: None,
            description: facts.description,
            tags: Tags(facts.tags),
            content_hash: self.place.hash().to_vec(),
            media_type: made.format.media_type().to_owned(),
            width: number(made.width),
            height: number(made.height),
            frames: number(made.frames),
            original_bytes: bytes(self.original.length()),
            display_bytes: bytes(made.display.length()),
            thumbnail_bytes: bytes(made.thumbnail.len() as u64),
            thumbnail_media_type: made.thumbnail_format.media_type().to_owned(),
            original_name: facts.original_name,
            version: 1,
            created_at: facts.at,
            updated_at: facts.at,
            workshop_id: None,
            part: None,
            steward_id: None,
            is_appeal: false,
            claimed_by: None,
            claimed_until: None,
            decided_at: None,
            deleted_at: None,
            deleted_by: None,
        }
    }
}

/// Sizes are far below what a column takes: they were held against the limits.
fn number(value: u32) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}

fn bytes(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

impl Images {
    /// Looks at a file and stores its objects: this takes long, and happens outside of any transaction.
    pub(crate) async fn prepare(&self, workspace: WorkspaceId, original: Spooled) -> Result<Admission, GalleryError> {
        let made = self.decoders.develop(&original).await?;
        let admission = Admission { place: Place::new(workspace, *original.hash()), original, made };
        self.store(&admission).await?;
        Ok(admission)
    }

    /// Takes the content's lock, and answers the oldest image of the gallery, or of the workshop, that has this content
    /// already. From here until `tx` ends
    /// nobody else adds one, and nobody deletes the objects: they are there, as a deletion that came in between is made
    /// up for.
    pub(crate) async fn enter(
        &self,
        tx: &impl ConnectionTrait,
        admission: &Admission,
        workshop: Option<Uuid>,
    ) -> Result<Option<ImageRow>, GalleryError> {
        store::content::lock(tx, &admission.place).await?;
        self.store(admission).await?;
        Ok(store::content::twin(tx, &admission.place, workshop).await?)
    }

    /// Stores those objects that aren't there.
    async fn store(&self, Admission { place, original, made }: &Admission) -> Result<(), GalleryError> {
        for (variant, file) in [(Variant::Original, original), (Variant::Display, &made.display)] {
            if !self.pictures.has(place, variant).await? {
                self.pictures.put(place, variant, file.length(), file.open().await?).await?;
            }
        }
        if !self.pictures.has(place, Variant::Thumbnail).await? {
            let length = made.thumbnail.len() as u64;
            self.pictures.put(place, Variant::Thumbnail, length, made.thumbnail.as_slice()).await?;
        }
        Ok(())
    }

    /// Deletes the objects of a content that no image has any more. What fails is logged: objects without an image
    /// harm nobody, and the next image of this content uses them. Goes on when its request is gone.
    pub(crate) async fn sweep(&self, place: Place) {
        let images = self.clone();
        let swept = tokio::spawn(async move {
            if let Err(error) = images.sweep_unused(&place).await {
                tracing::warn!(%error, %place, "objects without an image stay in the store");
            }
        });
        if let Err(error) = swept.await {
            tracing::error!(%error, "sweeping objects was cut short");
        }
    }

    async fn sweep_unused(&self, place: &Place) -> Result<(), GalleryError> {
        let tx = self.system.begin().await?;
        store::content::lock(&tx, place).await?;
        if store::content::oldest(&tx, place.workspace(), place.hash()).await?.is_none() {
            self.pictures.delete(place).await?;
        }
        let ended: Result<(), DbErr> = tx.commit().await;
        Ok(ended?)
    }
}
