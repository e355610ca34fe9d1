//! Registering: a seat, or a place in line.

use actix_web::Either;
use chrono::{DateTime, Utc};
use kernel::{
    guard::{Permit, Tenant},
    http::{Created, Done},
};

use super::{Workshops, about};
use crate::{
    actions::{OfWorkshop, Register, ViewAvailability, ViewRegistration},
    dto::{Availability, NewAttendee, RegistrationState, RegistrationView},
    entity::workshops::{Model, Stage},
    error::WorkshopError,
    events,
    permissions::CAN_MANAGE_ATTENDEES,
    store,
};

/// What registering is answered with: they are new, or were registered before.
pub(crate) type Registered = Either<Created<RegistrationView>, Done<RegistrationView>>;

impl Workshops {
    /// Registers the caller, or somebody whom they name.
    pub async fn register(&self, permit: &Permit<Register>, new: NewAttendee) -> Result<Registered, WorkshopError> {
        // Before the look at the membership: who leaves after it leaves a seat that is older.
        let at = permit.now();
        let user = new.user_id.unwrap_or(permit.caller());
        let is_other = user != permit.caller();
        if is_other {
            permit.require(&CAN_MANAGE_ATTENDEES)?;
        }
        // Asked before the transaction, which must not wait for a second connection. Who leaves in that instant loses the
        // seat when it is heard of: of their leaving, or of this registration, whichever comes last.
        if (is_other || permit.is_platform())
            && !self.members.is_active_member(permit.target().workspace(), user).await?
        {
            return Err(WorkshopError::Outsider);
        }
        let workshop = permit.target().workshop().id;
        let tx = permit.begin().await?;
        let outcome = store::attendees::register(&tx, user, at, is_other).await?.ok_or(WorkshopError::Missing)?;
        let is_new = match outcome.came.as_str() {
            "registered" => true,
            "known" => false,
            _ => return Err(refusal(outcome, permit.target().workshop())),
        };
        let view = outcome.registration(workshop, user).ok_or(WorkshopError::Missing)?;
        if !is_new {
            let reply = Done { status: actix_web::http::StatusCode::OK, view };
            tx.commit_with(&reply).await?;
            return Ok(Either::Right(reply));
        }
        let event = about(events::REGISTERED, workshop, user, at);
        tx.announce(event.fact("status", view.status.as_str())).await?;
        let whose = if is_other { user.to_string() } else { "me".to_owned() };
        let reply = Created::at(format!("/workshops/{workshop}/attendees/{whose}"), None, view);
        tx.commit_with(&reply).await?;
        Ok(Either::Left(reply))
    }

    /// The caller's own registration.
    pub async fn registration(&self, permit: &Permit<ViewRegistration>) -> Result<RegistrationView, WorkshopError> {
        store::attendees::own(permit).await?.ok_or(WorkshopError::NotRegistered)
    }

    /// The seats at this moment.
    pub async fn availability(&self, permit: &Permit<ViewAvailability>) -> Result<Availability, WorkshopError> {
        let taken = store::attendees::taken(permit).await?.ok_or(WorkshopError::Missing)?;
        let row = permit.target().workshop();
        // Lowering the capacity evicts nobody, so more may have a seat than there are.
        let free = row.capacity.map(|capacity| (capacity - taken.confirmed).max(0));
        Ok(Availability {
            capacity: row.capacity,
            confirmed: taken.confirmed,
            waitlisted: taken.waitlisted,
            free,
            registration: state(row, free, permit.now()),
            opens_at: row.registration_opens_at,
            closes_at: row.closes_at(),
            is_favorite: taken.is_favorite,
            registered_as: taken.registered_as,
        })
    }
}

fn refusal(outcome: store::attendees::Outcome, row: &Model) -> WorkshopError {
    match outcome.came.as_str() {
        "draft" => WorkshopError::Draft,
        "cancelled" => WorkshopError::Cancelled,
        "closed" => WorkshopError::RegistrationClosed {
            opens_at: outcome.opens_at,
            closes_at: outcome.closes_at.unwrap_or_else(|| row.closes_at()),
        },
        _ => WorkshopError::Missing,
    }
}

fn state(row: &Model, free: Option<i32>, now: DateTime<Utc>) -> RegistrationState {
    match row.status {
        Stage::Cancelled => RegistrationState::Closed,
        Stage::Draft => RegistrationState::NotYet,
        Stage::Published if now >= row.closes_at() => RegistrationState::Closed,
        Stage::Published if row.registration_opens_at.is_some_and(|opens_at| now < opens_at) => {
            RegistrationState::NotYet
        }
        Stage::Published if free == Some(0) => RegistrationState::Waitlist,
        Stage::Published => RegistrationState::Open,
    }
}
