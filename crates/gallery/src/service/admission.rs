//! How an image comes into a workspace, whoever brings it: its objects first, then its row, under its content's lock.

use std::time::Duration;

use chrono::{DateTime, Utc};
use kernel::ids::{ImageId, UserId, WorkspaceId};
use sea_orm::{ConnectionTrait, DbErr, prelude::Uuid};
use tokio::{sync::SemaphorePermit, time::timeout};

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
            thumbnail_bytes: bytes(made.small.len() as u64),
            thumbnail_media_type: made.plain_format.media_type().to_owned(),
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
            small_webp_bytes: Some(bytes(made.small_webp.len() as u64)),
            large_bytes: Some(bytes(made.large.length())),
            large_webp_bytes: Some(bytes(made.large_webp.length())),
            thumbhash: Some(made.thumbhash.clone()),
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

/// How long the object store may take under a content's lock, which holds a connection.
const PATIENCE: Duration = Duration::from_secs(10);

/// The same, or that the store is not reachable.
pub(super) async fn within_patience<T>(work: impl Future<Output = Result<T, GalleryError>>) -> Result<T, GalleryError> {
    timeout(PATIENCE, work).await.unwrap_or(Err(GalleryError::StorageSlow))
}

impl Images {
    /// Looks at a file and stores its objects: this takes long, and happens outside of any transaction.
    pub(crate) async fn prepare(&self, workspace: WorkspaceId, original: Spooled) -> Result<Admission, GalleryError> {
        let made = self.decoders.develop(&original).await?;
        let admission = Admission { place: Place::new(workspace, *original.hash()), original, made };
        // So many hold a file in memory at a time; the others have theirs on disk.
        let _place = self.storing.acquire().await.map_err(|_| GalleryError::Busy)?;
        self.store(&admission).await?;
        Ok(admission)
    }

    /// The turn to [`Self::enter`], to be held while its transaction lasts: so many uploads of one content, or a slow
    /// object store, take few connections and leave the others to everybody else.
    pub(crate) async fn turn(&self) -> Result<SemaphorePermit<'_>, GalleryError> {
        self.entering.acquire().await.map_err(|_| GalleryError::Busy)
    }

    /// Takes the content's lock, and answers the oldest image of the gallery, or of the workshop, that has this content
    /// already. From here until `tx` ends nobody else adds one, and nobody deletes the objects: they are there, as a
    /// deletion that came in between is made up for.
    pub(crate) async fn enter(
        &self,
        tx: &impl ConnectionTrait,
        admission: &Admission,
        workshop: Option<Uuid>,
    ) -> Result<Option<ImageRow>, GalleryError> {
        store::content::lock(tx, &admission.place).await?;
        within_patience(self.store(admission)).await?;
        Ok(store::content::twin(tx, &admission.place, workshop).await?)
    }

    /// Stores those objects that aren't there.
    async fn store(&self, admission: &Admission) -> Result<(), GalleryError> {
        futures_util::future::try_join_all(Variant::ALL.map(|variant| self.store_one(admission, variant))).await?;
        Ok(())
    }

    async fn store_one(&self, admission: &Admission, variant: Variant) -> Result<(), GalleryError> {
        let Admission { place, original, made } = admission;
        if self.pictures.has(place, variant).await? {
            return Ok(());
        }
        let file = match variant {
            Variant::Original => original,
            Variant::Display => &made.display,
            Variant::Large => &made.large,
            Variant::LargeWebP => &made.large_webp,
            Variant::Thumbnail => return Ok(self.pictures.put_small(place, variant, &made.small).await?),
            Variant::SmallWebP => return Ok(self.pictures.put_small(place, variant, &made.small_webp).await?),
        };
        Ok(self.pictures.put(place, variant, file.length(), file.open().await?).await?)
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
        let _turn = self.turn().await?;
        let tx = self.system.begin().await?;
        store::content::lock(&tx, place).await?;
        if store::content::oldest(&tx, place.workspace(), place.hash()).await?.is_none() {
            within_patience(async { Ok(self.pictures.delete(place).await?) }).await?;
        }
        let ended: Result<(), DbErr> = tx.commit().await;
        Ok(ended?)
    }
}
