//! Calendars: of one workshop, and of all that somebody gives or attends.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::Duration;
use kernel::{
    guard::{Permit, Public, SignedIn},
    http::Created,
    outbox::Event,
};
use rand::Rng;
use sha2::{Digest, Sha256};

use super::Workshops;
use crate::{
    Schema,
    actions::{OfWorkshop, ViewWorkshop},
    calendar::{Calendar, Entry},
    dto::{FeedAddress, FeedView},
    error::WorkshopError,
    store,
};

/// How long what is over stays in a feed.
const PAST: Duration = Duration::days(180);
/// The bytes of an address's secret: nobody guesses 256 bits.
const SECRET: usize = 32;

impl Workshops {
    /// One workshop, for a calendar program.
    pub fn calendar(&self, permit: &Permit<ViewWorkshop>) -> String {
        Calendar::of_one(permit.target().workshop()).to_string()
    }

    /// Gives the caller a secret address, and takes the one before away.
    pub async fn renew_feed(&self, permit: &Permit<SignedIn<Schema>>) -> Result<Created<FeedAddress>, WorkshopError> {
        let mut secret = [0_u8; SECRET];
        rand::rng().fill_bytes(&mut secret);
        let token = URL_SAFE_NO_PAD.encode(secret);
        let tx = permit.begin().await?;
        store::feeds::renew(&tx, &hash(&token)).await?;
        tx.announce(Event::new("workshop.feed_renewed", "user", permit.caller().0, permit.now())).await?;
        let address = format!("/api/v1/workshops/feed/calendar.ics?token={token}");
        let view = FeedAddress { address, created_at: permit.now() };
        let reply = Created::at("/workshops/feed", None, view);
        // Kept for no repetition of the request: it is a secret. Whoever repeats it gets another.
        tx.commit().await?;
        Ok(reply)
    }

    /// Whether the caller has an address, and since when.
    pub async fn feed(&self, permit: &Permit<SignedIn<Schema>>) -> Result<FeedView, WorkshopError> {
        Ok(FeedView { created_at: store::feeds::made_at(permit).await? })
    }

    /// Takes the caller's address away, if they have one.
    pub async fn revoke_feed(&self, permit: &Permit<SignedIn<Schema>>) -> Result<(), WorkshopError> {
        let tx = permit.begin().await?;
        if store::feeds::revoke(&tx).await? {
            tx.announce(Event::new("workshop.feed_revoked", "user", permit.caller().0, permit.now())).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// The calendar of whoever was told this address: what they give or are registered for, in the workspaces whose
    /// workshops they see at this moment.
    pub async fn feed_calendar(&self, permit: &Permit<Public<Schema>>, token: &str) -> Result<String, WorkshopError> {
        let owner = store::feeds::owner(permit, &hash(token)).await?.ok_or(WorkshopError::Missing)?;
        let workspaces = self.members.sees_workshops_in(owner, permit.now()).await?;
        let rows = store::feeds::calendar(permit, owner, &workspaces, permit.now() - PAST).await?;
        let entries = rows.iter().map(|dated| Entry { row: &dated.row, is_waiting: dated.is_waiting });
        Ok(Calendar::of_many(entries).to_string())
    }
}

/// What is kept of a secret. It has all the entropy that it needs, so one round is enough.
fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}
