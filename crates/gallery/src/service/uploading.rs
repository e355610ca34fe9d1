//! Uploading an image.

use kernel::{
    guard::Permit,
    http::{Created, etag_of},
    ids::ImageId,
    outbox::Event,
};

use super::{Admission, Facts, Images};
use crate::{
    actions::{ImageRow, UploadImage},
    dto::ImageView,
    error::GalleryError,
    events,
    permissions::EDIT_IMAGES,
    store,
    upload::Upload,
    visibility,
};

impl Images {
    /// Checks the file, stores it and adds the image as a draft.
    pub(crate) async fn upload(
        &self,
        permit: &Permit<UploadImage>,
        upload: Upload,
    ) -> Result<Created<ImageView>, GalleryError> {
        permit.facts().set_body_hash(upload.fingerprint(permit.workspace()));
        let Upload { file, original_name, description, tags, allow_duplicate } = upload;
        let admission = self.prepare(permit.workspace(), file).await?;
        let facts = Facts { uploader: permit.caller(), description, tags, original_name, at: permit.now() };
        let row = admission.draft(facts);
        let added = self.add(permit, &admission, row, allow_duplicate).await;
        if added.is_err() {
            self.sweep(*admission.place()).await;
        }
        added
    }

    async fn add(
        &self,
        permit: &Permit<UploadImage>,
        admission: &Admission,
        row: ImageRow,
        allow_duplicate: bool,
    ) -> Result<Created<ImageView>, GalleryError> {
        let tx = permit.begin().await?;
        if let Some(twin) = self.enter(&tx, admission, None).await?
            && !allow_duplicate
        {
            return Err(GalleryError::Duplicate { existing: known_id(permit, &twin) });
        }
        let row = store::images::insert(&tx, row).await?;
        tx.announce(uploaded(&row)).await?;
        let is_editor = permit.scope(&EDIT_IMAGES).covers(row.relation(permit.caller()));
        let etag = Some(etag_of(row.version));
        let reply = Created::at(format!("/images/{}", row.id), etag, ImageView::of(row, is_editor));
        tx.commit_with(&reply).await?;
        Ok(reply)
    }
}

/// The id of an image that the caller may know of.
fn known_id(permit: &Permit<UploadImage>, image: &ImageRow) -> Option<ImageId> {
    let relation = image.relation(permit.caller());
    let holds = |permission: &_| permit.scope(permission).covers(relation);
    visibility::is_known(image.status, relation, holds).then_some(image.id)
}

/// The event of an image that was added.
pub(crate) fn uploaded(row: &ImageRow) -> Event {
    Event::new(events::UPLOADED, events::IMAGE, row.id.0, row.created_at)
        .in_workspace(row.workspace_id)
        .fact("uploader_id", row.uploader_id.to_string())
        .fact("status", row.status.as_str())
        .fact("media_type", row.media_type.as_str())
        .fact("bytes", row.original_bytes)
}
