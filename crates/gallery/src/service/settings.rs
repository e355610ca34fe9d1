//! How a workspace's gallery is run.

use kernel::{
    guard::Permit,
    http::{Tagged, etag_of},
    outbox::Event,
};

use super::Images;
use crate::{
    actions::{ChangeGallery, ViewGallery},
    dto::GalleryView,
    error::GalleryError,
    events, store,
};

impl Images {
    /// Reads the settings.
    pub(crate) async fn settings(&self, permit: &Permit<ViewGallery>) -> Result<Tagged<GalleryView>, GalleryError> {
        let kept = store::settings::read(&permit.db(), permit.workspace()).await?;
        Ok(Tagged::new(kept.version, GalleryView { approval: kept.approval }))
    }

    /// Changes them. What waits keeps waiting, also where no more approval is asked for.
    pub(crate) async fn change_settings(
        &self,
        permit: &Permit<ChangeGallery>,
        wanted: GalleryView,
    ) -> Result<Tagged<GalleryView>, GalleryError> {
        let tx = permit.begin().await?;
        let kept = store::settings::lock(&tx, permit.workspace()).await?;
        tx.check_version(&etag_of(kept.version))?;
        if kept.approval == wanted.approval {
            return Ok(Tagged::new(kept.version, wanted));
        }
        let event = Event::new(events::SETTINGS_CHANGED, events::GALLERY, permit.workspace().0, permit.now());
        tx.announce(event.field("approval", kept.approval.as_str(), wanted.approval.as_str())).await?;
        let kept = store::settings::write(&tx, permit.workspace(), wanted.approval, permit.now()).await?;
        tx.commit().await?;
        Ok(Tagged::new(kept.version, GalleryView { approval: kept.approval }))
    }
}
