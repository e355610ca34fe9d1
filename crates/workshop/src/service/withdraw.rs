//! Giving a seat back, or taking it: whoever is first in line has it in the same transaction.

use kernel::{
    guard::{Permit, Tx},
    ids::UserId,
};

use super::{Workshops, about, seat_the_first};
use crate::{
    actions::{OfWorkshop, RemoveAttendee, Seats, Withdraw},
    error::WorkshopError,
    events,
    store::{self, attendees::Gone},
};

impl Workshops {
    /// Gives the caller's seat or place in line back. Not after the workshop, and not after having come to it.
    pub async fn withdraw(&self, permit: &Permit<Withdraw>) -> Result<(), WorkshopError> {
        let tx = permit.begin().await?;
        let gone = take_back(&tx, permit.caller()).await?;
        if gone.checked_in_at.is_some() {
            return Err(WorkshopError::CheckedIn);
        }
        if permit.target().workshop().is_finished(permit.now()) {
            return Err(WorkshopError::Finished);
        }
        tx.commit().await?;
        Ok(())
    }

    /// Takes somebody's registration back.
    pub async fn remove(&self, permit: &Permit<RemoveAttendee>, user: UserId) -> Result<(), WorkshopError> {
        let tx = permit.begin().await?;
        take_back(&tx, user).await?;
        tx.commit().await?;
        Ok(())
    }
}

async fn take_back<A: Seats>(tx: &Tx<'_, A>, user: UserId) -> Result<Gone, WorkshopError> {
    let workshop = tx.permit().target().workshop();
    let gone = store::attendees::withdraw(tx, user).await?.ok_or(WorkshopError::NotRegistered)?;
    let event = about(events::UNREGISTERED, workshop.id, user, tx.permit().now());
    tx.announce(event.fact("status", gone.status.as_str())).await?;
    seat_the_first(tx, &workshop.title).await?;
    Ok(gone)
}
