//! Claims: who looks at a submitted image, so that two reviewers don't work on the same one.

use chrono::{DateTime, Duration, Utc};
use kernel::{
    guard::Permit,
    http::{Done, NoContent},
    ids::UserId,
};
use sea_orm::{IntoActiveModel, Set};

use super::Images;
use crate::{
    actions::{ImageRow, ReviewImage},
    dto::{ClaimView, claim_of},
    entity::Status,
    error::GalleryError,
    store,
};

/// How long an image is kept for who claimed it.
const LEASE: Duration = Duration::minutes(10);

impl Images {
    /// Keeps an image for the caller, or keeps it for longer. The row's lock decides between two who ask at once.
    pub(crate) async fn claim(&self, permit: &Permit<ReviewImage>) -> Result<Done<ClaimView>, GalleryError> {
        let (tx, now) = (permit.begin().await?, permit.now());
        let row = waiting(store::images::lock(&tx).await?)?;
        refuse_if_claimed(&row, permit.caller(), now)?;
        let is_new = claim_of(&row, now).is_none();
        let mut changed = row.into_active_model();
        // The image itself doesn't change: its version stays, so that a decision can still name it.
        changed.claimed_by = Set(Some(permit.caller()));
        changed.claimed_until = Set(Some(now + LEASE));
        let row = store::images::update(&tx, changed).await?;
        let view = claim_of(&row, now).ok_or(GalleryError::NotFound)?;
        let status = if is_new { actix_web::http::StatusCode::CREATED } else { actix_web::http::StatusCode::OK };
        let reply = Done { status, view };
        tx.commit_with(&reply).await?;
        Ok(reply)
    }

    /// Lets others look at it. Letting go of what one doesn't hold changes nothing, unless somebody else does.
    pub(crate) async fn release(&self, permit: &Permit<ReviewImage>) -> Result<NoContent, GalleryError> {
        let tx = permit.begin().await?;
        let row = store::images::lock(&tx).await?.ok_or(GalleryError::NotFound)?;
        refuse_if_claimed(&row, permit.caller(), permit.now())?;
        if row.claimed_by.is_some() {
            let mut changed = row.into_active_model();
            changed.claimed_by = Set(None);
            changed.claimed_until = Set(None);
            store::images::update(&tx, changed).await?;
        }
        tx.commit().await?;
        Ok(NoContent)
    }
}

fn waiting(row: Option<ImageRow>) -> Result<ImageRow, GalleryError> {
    let row = row.ok_or(GalleryError::NotFound)?;
    match row.status {
        Status::Pending => Ok(row),
        status => Err(GalleryError::WrongState { status, needed: &[Status::Pending] }),
    }
}

/// Refuses while somebody else has it. A claim whose time is over holds nobody up.
pub(super) fn refuse_if_claimed(row: &ImageRow, caller: UserId, now: DateTime<Utc>) -> Result<(), GalleryError> {
    match claim_of(row, now) {
        Some(claim) if claim.claimed_by != caller => Err(GalleryError::Claimed(claim)),
        _ => Ok(()),
    }
}
