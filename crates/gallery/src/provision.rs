//! Images that no request uploads: demo data and imports.

use chrono::Duration;
use kernel::{
    db::{System, SystemTx},
    ids::{ImageId, UserId, WorkspaceId},
    outbox::Event,
};
use sea_orm::DbErr;

use crate::{
    Images, Schema, Status,
    actions::ImageRow,
    error::GalleryError,
    events,
    service::{Facts, uploaded},
    store::{self, approvals::Step},
};

/// An image to be there.
#[derive(Clone, Debug)]
pub struct ProvisionedImage {
    /// In which workspace.
    pub workspace: WorkspaceId,
    /// Whose.
    pub uploader: UserId,
    /// The file.
    pub bytes: Vec<u8>,
    /// What is to be seen.
    pub description: String,
    /// Words to find it by; see [`crate::ImageView::tags`].
    pub tags: Vec<String>,
    /// Where it stands in its approval.
    pub status: Status,
}

/// Sees to it that the workspace has an image of these bytes. One that is there stays as it is. Answers its id.
pub async fn ensure_image(
    system: &System<Schema>,
    images: &Images,
    image: ProvisionedImage,
) -> Result<ImageId, GalleryError> {
    let original = images.spool().keep(&image.bytes)?;
    if let Some(there) = store::content::oldest(&system.db(), image.workspace, original.hash()).await? {
        return Ok(there.id);
    }
    let admission = images.prepare(image.workspace, original).await?;
    let _turn = images.turn().await?;
    let tx = system.begin().await?;
    if let Some(there) = images.enter(&tx, &admission, None).await? {
        return Ok(there.id);
    }
    let mut row = admission.draft(Facts {
        uploader: image.uploader,
        description: image.description,
        tags: crate::tags::normalised(&image.tags).unwrap_or_default(),
        original_name: None,
        at: images.clock().now(),
    });
    row.status = image.status;
    row.submitted_at = (image.status == Status::Pending).then_some(row.created_at);
    row.decided_at = matches!(image.status, Status::Approved | Status::Rejected).then_some(row.created_at);
    let row = store::images::insert(&tx, row).await?;
    tx.announce(uploaded(&row)).await?;
    record_way(&tx, &row).await?;
    tx.commit().await?;
    Ok(row.id)
}

/// Records how the image came to its status, as if it had gone there step by step.
async fn record_way(tx: &SystemTx<'_>, row: &ImageRow) -> Result<(), DbErr> {
    let way: &[(&str, Status, Status)] = match row.status {
        Status::Draft => &[],
        Status::Pending => &[(events::SUBMITTED, Status::Draft, Status::Pending)],
        Status::Approved => &[
            (events::SUBMITTED, Status::Draft, Status::Pending),
            (events::APPROVED, Status::Pending, Status::Approved),
        ],
        Status::Rejected => &[
            (events::SUBMITTED, Status::Draft, Status::Pending),
            (events::REJECTED, Status::Pending, Status::Rejected),
        ],
    };
    let mut at = row.created_at;
    for &(action, from, to) in way {
        // A moment later each, so that the history has an order.
        at += Duration::microseconds(1);
        let reason_code = (to == Status::Rejected).then(|| "provisioned".to_owned());
        let step = Step { actor: None, from, to, reason_code, reason: None, is_appeal: false, at };
        store::approvals::record(tx, row, step).await?;
        let event = Event::new(action, events::IMAGE, row.id.0, at).in_workspace(row.workspace_id);
        let event = event.field("status", from.as_str(), to.as_str()).fact("image_id", row.id.to_string());
        tx.announce(event.fact("uploader_id", row.uploader_id.to_string())).await?;
    }
    Ok(())
}
