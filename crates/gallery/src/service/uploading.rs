//! Uploading an image.

use kernel::{
    grant::{Permission, Scope},
    guard::{Permit, Tx},
    http::{Created, etag_of},
    ids::{ImageId, UserId},
    outbox::Event,
};

use super::{Admission, Facts, Images, approval};
use crate::{
    actions::{ImageRow, UploadImage},
    dto::{Approval, ImageView},
    entity::Status,
    error::GalleryError,
    events,
    permissions::EDIT_IMAGES,
    store::{self, approvals::Step},
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
        let allowed = self.allowed_bytes(row.workspace_id, row.uploader_id).await?;
        let _turn = self.turn().await?;
        let tx = permit.begin().await?;
        if let Some(twin) = self.enter(&tx, admission, None).await?
            && !allow_duplicate
        {
            return Err(GalleryError::Duplicate { existing: known_id(&twin, permit.caller(), |it| permit.scope(it)) });
        }
        let row = match store::settings::approval(&tx, permit.workspace()).await? {
            Approval::Required => store::images::insert(&tx, row).await?,
            Approval::Off => self.let_through(&tx, row).await?,
        };
        self.check_quota(&tx, (row.workspace_id, row.uploader_id), allowed).await?;
        tx.announce(uploaded(&row)).await?;
        if row.status == Status::Approved {
            tx.announce(approval::told(&row, Status::Draft, Some(approval::OFF), None)).await?;
        }
        let is_editor = permit.scope(&EDIT_IMAGES).covers(row.relation(permit.caller()));
        let etag = Some(etag_of(row.version));
        let reply = Created::at(format!("/images/{}", row.id), etag, ImageView::of(row, is_editor));
        tx.commit_with(&reply).await?;
        Ok(reply)
    }
}

impl Images {
    /// Adds an image where nobody has to approve it.
    async fn let_through(&self, tx: &Tx<'_, UploadImage>, mut row: ImageRow) -> Result<ImageRow, GalleryError> {
        row.status = Status::Approved;
        row.decided_at = Some(row.created_at);
        let row = store::images::insert(tx, row).await?;
        let step = Step {
            actor: None,
            from: Status::Draft,
            to: Status::Approved,
            reason_code: Some(approval::OFF.to_owned()),
            reason: None,
            is_appeal: false,
            at: row.created_at,
        };
        store::approvals::record(tx, &row, step).await?;
        Ok(row)
    }
}

/// The id of an image that the caller may know of, where `scope` says how far their role grants something.
pub(super) fn known_id(image: &ImageRow, caller: UserId, scope: impl Fn(&Permission) -> Scope) -> Option<ImageId> {
    let relation = image.relation(caller);
    visibility::is_known(image.status, image.part, relation, |permission| scope(permission).covers(relation))
        .then_some(image.id)
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
