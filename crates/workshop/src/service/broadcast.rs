//! Writing to everyone who has a seat. Who they are is settled with the message; that they are told follows from the event.

use actix_web::http::StatusCode;
use chrono::Duration;
use kernel::{guard::Permit, http::Done, outbox::Event};

use super::Workshops;
use crate::{
    BroadcastId,
    actions::{Notify, OfWorkshop},
    dto::{NewBroadcast, SentBroadcast},
    error::WorkshopError,
    events, store,
};

/// Messages to those who attend one workshop, within a day: each is a mail to everybody.
const MOST_IN_A_DAY: u32 = 10;

impl Workshops {
    /// Writes to those who have a seat at this moment, to each once; so often a day, whoever writes.
    pub async fn notify(
        &self,
        permit: &Permit<Notify>,
        new: &NewBroadcast,
    ) -> Result<Done<SentBroadcast>, WorkshopError> {
        let (workshop, at) = (permit.target().workshop().id, permit.now());
        let id = BroadcastId::new(at);
        let tx = permit.begin().await?;
        if let Some(oldest) = store::broadcasts::fullest_since(&tx, at - Duration::days(1), MOST_IN_A_DAY).await? {
            let wait = (oldest + Duration::days(1) - at).num_seconds().max(0);
            return Err(WorkshopError::TooManyMessages { retry_after: wait.unsigned_abs() + 1 });
        }
        let recipients = store::broadcasts::send(&tx, id, new).await.map_err(gone)?;
        // What was written is in no event: the log can't forget, and whoever reads it isn't whom it was written to.
        let event = Event::new(events::BROADCAST, events::RESOURCE, workshop.0, at)
            .fact("broadcast_id", id.to_string())
            .fact("workshop_id", workshop.to_string())
            .fact("recipients", recipients);
        tx.announce(event).await?;
        let view = SentBroadcast { id, workshop_id: workshop, sender_id: permit.caller(), recipients };
        let reply = Done { status: StatusCode::ACCEPTED, view };
        tx.commit_with(&reply).await?;
        Ok(reply)
    }
}

/// The workshop may have been deleted in the same instant.
fn gone(error: sea_orm::DbErr) -> WorkshopError {
    match kernel::failure::violated_constraint(&error) {
        Some("broadcasts_workshop_id_fkey") => WorkshopError::Missing,
        _ => error.into(),
    }
}
