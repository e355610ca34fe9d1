//! The rules of workshops and their transactions, one file per use.

mod attendees;
mod broadcast;
mod calendar;
mod create;
mod delete;
mod edit;
mod favorites;
mod list;
mod photos;
mod register;
mod stats;
mod withdraw;

pub(crate) use create::created;
pub use favorites::FavoriteView;

use std::{collections::HashMap, fmt, sync::Arc};

use chrono::{DateTime, Utc};
use kernel::{
    guard::{Permit, Tx},
    http::Tagged,
    ids::UserId,
    outbox::Event,
};

use crate::{
    WorkshopId,
    actions::{OfWorkshop, Seats, ViewWorkshop},
    dto::WorkshopView,
    entity::workshops::Model,
    error::WorkshopError,
    events,
    ports::{Members, PersonName, Photos},
    store,
};

/// Workshops and those who attend them.
#[derive(Clone)]
pub struct Workshops {
    members: Arc<dyn Members>,
    photos: Arc<dyn Photos>,
}

impl fmt::Debug for Workshops {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Workshops")
    }
}

impl Workshops {
    /// The service, with what it asks about people, and who keeps its photos.
    pub fn new(members: Arc<dyn Members>, photos: Arc<dyn Photos>) -> Self {
        Self { members, photos }
    }

    /// One workshop, as the guard loaded it.
    pub fn read(&self, permit: &Permit<ViewWorkshop>) -> Tagged<WorkshopView> {
        tagged(permit.target().workshop().clone(), permit.now())
    }

    async fn names(&self, users: &[UserId]) -> Result<HashMap<UserId, PersonName>, WorkshopError> {
        if users.is_empty() {
            return Ok(HashMap::new());
        }
        Ok(self.members.names(users).await?)
    }
}

fn tagged(row: Model, now: DateTime<Utc>) -> Tagged<WorkshopView> {
    Tagged { etag: row.etag(now), view: WorkshopView::of(row, now) }
}

/// An event about one person and one workshop.
pub(crate) fn about(action: &str, workshop: WorkshopId, user: UserId, at: DateTime<Utc>) -> Event {
    Event::new(action, events::RESOURCE, workshop.0, at)
        .fact("workshop_id", workshop.to_string())
        .fact("user_id", user.to_string())
}

/// Seats the first in line, as far as there are seats, and tells it.
async fn seat_the_first<A: Seats>(tx: &Tx<'_, A>, title: &str) -> Result<(), WorkshopError> {
    let workshop = tx.permit().target().workshop().id;
    for user in store::attendees::promote(tx).await? {
        let event = about(events::PROMOTED, workshop, user, tx.permit().now());
        tx.announce(event.fact("title", title)).await?;
    }
    Ok(())
}
