//! Changing a workshop: its fields, and whether it takes place.

use chrono::{DateTime, Utc};
use kernel::{
    guard::{Permit, Tx},
    http::Tagged,
    outbox::Event,
};

use super::{Workshops, seat_the_first, tagged};
use crate::{
    actions::{CancelWorkshop, EditWorkshop, Locks},
    content::Content,
    dto::{WorkshopContent, WorkshopPatch, WorkshopView},
    entity::workshops::{Model, Stage},
    error::WorkshopError,
    events, store,
};

impl Workshops {
    /// Replaces the editable fields.
    pub async fn replace(
        &self,
        permit: &Permit<EditWorkshop>,
        by: WorkshopContent,
    ) -> Result<Tagged<WorkshopView>, WorkshopError> {
        edit(permit, |content, now| content.replaced(by, now)).await
    }

    /// Changes the fields given.
    pub async fn patch(
        &self,
        permit: &Permit<EditWorkshop>,
        by: WorkshopPatch,
    ) -> Result<Tagged<WorkshopView>, WorkshopError> {
        edit(permit, |content, now| content.patched(by, now)).await
    }

    /// Says that the workshop won't take place. Said again, it changes nothing.
    pub async fn cancel(&self, permit: &Permit<CancelWorkshop>) -> Result<Tagged<WorkshopView>, WorkshopError> {
        let tx = permit.begin().await?;
        let row = store::lock(&tx).await?;
        tx.check_version(&row.etag(permit.now()))?;
        let before = Content::of(&row);
        let after = Content { stage: Stage::Cancelled, ..before.clone() };
        if after == before {
            let reply = tagged(row, permit.now());
            tx.commit_with(&reply).await?;
            return Ok(reply);
        }
        let row = save(&tx, row, &before, &after).await?;
        let reply = tagged(row, permit.now());
        tx.commit_with(&reply).await?;
        Ok(reply)
    }
}

/// A change that changes nothing leaves the version and the event log as they are.
async fn edit(
    permit: &Permit<EditWorkshop>,
    change: impl FnOnce(Content, DateTime<Utc>) -> Result<Content, WorkshopError>,
) -> Result<Tagged<WorkshopView>, WorkshopError> {
    let tx = permit.begin().await?;
    let row = store::lock(&tx).await?;
    tx.check_version(&row.etag(permit.now()))?;
    let before = Content::of(&row);
    let after = change(before.clone(), permit.now())?;
    if after == before {
        return Ok(tagged(row, permit.now()));
    }
    let row = save(&tx, row, &before, &after).await?;
    // More seats, no bound any more, a workshop that is over later: each may seat those who wait.
    seat_the_first(&tx, &row.title).await?;
    tx.commit().await?;
    Ok(tagged(row, permit.now()))
}

/// Writes what changed, and tells it; a cancellation once more by itself, for those who attend.
async fn save<A: Locks>(tx: &Tx<'_, A>, row: Model, before: &Content, after: &Content) -> Result<Model, WorkshopError> {
    may_turn(tx, &row, after.stage).await?;
    let row = store::workshops::save(tx, row, after).await?;
    let event = |action| Event::new(action, events::RESOURCE, row.id.0, row.updated_at);
    tx.announce(after.tell(Some(before), event(events::WORKSHOP_UPDATED))).await?;
    if after.stage == Stage::Cancelled {
        let cancelled = event(events::WORKSHOP_CANCELLED).fact("workshop_id", row.id.to_string());
        tx.announce(cancelled.fact("title", row.title.clone())).await?;
    }
    Ok(row)
}

/// A cancelled workshop takes no changes; one that took place isn't cancelled; one for which people are registered is no
/// draft again.
async fn may_turn<A: Locks>(tx: &Tx<'_, A>, row: &Model, stage: Stage) -> Result<(), WorkshopError> {
    match (row.status, stage) {
        (Stage::Cancelled, _) => Err(WorkshopError::Cancelled),
        (Stage::Published, Stage::Cancelled) if row.is_finished(tx.permit().now()) => Err(WorkshopError::Finished),
        (Stage::Published, Stage::Draft) if store::workshops::has_attendees(tx).await? => {
            Err(WorkshopError::HasAttendees)
        }
        _ => Ok(()),
    }
}
