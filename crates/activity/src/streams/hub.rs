//! Who follows on this instance, and how they are woken: one connection listens for all.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use actix_web::http::StatusCode;
use kernel::{ids::UserId, jobs::Workers, notices::NoticeHandler, problem::Problem};
use tokio::sync::watch;

use crate::Schema;

/// What streams may cost.
#[derive(Clone, Copy, Debug)]
pub struct StreamLimits {
    /// Streams that one person may have open on this instance.
    pub per_person: usize,
    /// Streams that this instance serves.
    pub in_all: usize,
    /// How often something is sent when there is nothing to tell, so that nobody in between takes the stream for dead.
    pub heartbeat: Duration,
}

/// The streams of an instance. Clones share everything.
#[derive(Clone)]
pub struct Streams(Arc<Inner>);

struct Inner {
    limits: StreamLimits,
    open: Mutex<Open>,
    closing: watch::Sender<bool>,
}

#[derive(Default)]
struct Open {
    count: usize,
    people: HashMap<UserId, Person>,
}

struct Person {
    count: usize,
    wake: watch::Sender<()>,
}

impl fmt::Debug for Streams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Streams").field("limits", &self.0.limits).finish_non_exhaustive()
    }
}

impl Streams {
    /// No streams yet.
    pub fn new(limits: StreamLimits) -> Self {
        Self(Arc::new(Inner { limits, open: Mutex::default(), closing: watch::Sender::new(false) }))
    }

    pub(super) fn limits(&self) -> StreamLimits {
        self.0.limits
    }

    /// How many are open.
    pub fn count(&self) -> usize {
        self.open().count
    }

    /// Ends every stream, and begins none: the instance stops. Whoever followed goes on elsewhere.
    pub fn close(&self) {
        self.0.closing.send_replace(true);
    }

    /// A seat for one more stream: 429 for whoever has enough, 503 where the instance has.
    pub(crate) fn join(&self, user: UserId) -> Result<Seat, Problem> {
        let StreamLimits { per_person, in_all, .. } = self.0.limits;
        let mut open = self.open();
        if *self.0.closing.borrow() || open.count >= in_all {
            return Err(Problem::unavailable("no_more_streams", "This server can't send more streams now.", 5));
        }
        let person = open.people.entry(user).or_insert_with(|| Person { count: 0, wake: watch::Sender::new(()) });
        if person.count >= per_person {
            let detail = format!("You have {per_person} streams open; end one first.");
            return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_streams", detail)
                .with_header("Retry-After", "30"));
        }
        person.count += 1;
        let wake = person.wake.subscribe();
        open.count += 1;
        drop(open);
        Ok(Seat { streams: self.clone(), user, wake, closing: self.0.closing.subscribe() })
    }

    fn leave(&self, user: UserId) {
        let mut open = self.open();
        open.count -= 1;
        if let Some(person) = open.people.get_mut(&user) {
            person.count -= 1;
            if person.count == 0 {
                open.people.remove(&user);
            }
        }
    }

    fn wake(&self, user: UserId) {
        if let Some(person) = self.open().people.get(&user) {
            person.wake.send_replace(());
        }
    }

    fn wake_all(&self) {
        self.open().people.values().for_each(|person| {
            person.wake.send_replace(());
        });
    }

    /// A panic elsewhere leaves it between two steps, each of which is sound.
    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One stream's seat; given up when the stream ends, however it ends.
#[derive(Debug)]
pub(crate) struct Seat {
    pub(super) streams: Streams,
    user: UserId,
    /// Something came since it was looked at.
    pub(super) wake: watch::Receiver<()>,
    /// The instance stops.
    pub(super) closing: watch::Receiver<bool>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.streams.leave(self.user);
    }
}

/// Hears what the database tells this module: who has something new, and that there is a job. One for the instance; register
/// it on [`Ears::CHANNELS`].
#[derive(Debug)]
pub struct Ears {
    streams: Streams,
    workers: Workers<Schema>,
}

impl Ears {
    /// What to listen to.
    pub const CHANNELS: &[&str] = &["activity_feeds", "activity_jobs"];

    /// Ears for these.
    pub fn new(streams: Streams, workers: Workers<Schema>) -> Self {
        Self { streams, workers }
    }
}

impl NoticeHandler for Ears {
    fn heard(&self, channel: &str, payload: &str) {
        match (channel, payload.parse()) {
            ("activity_jobs", _) => self.workers.wake(),
            (_, Ok(user)) => self.streams.wake(user),
            (_, Err(_)) => tracing::warn!("a notice of a notification names nobody"),
        }
    }

    /// What came while nobody listened is looked for now.
    fn listening(&self) {
        self.workers.wake();
        self.streams.wake_all();
    }

    fn lost(&self) {}
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn streams() -> Streams {
        Streams::new(StreamLimits { per_person: 2, in_all: 3, heartbeat: Duration::from_secs(1) })
    }

    fn refusal(outcome: Result<Seat, Problem>) -> String {
        outcome.unwrap_err().code().to_owned()
    }

    #[test]
    fn seats_are_bounded_and_given_up() {
        let (streams, one, other) = (streams(), UserId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)));
        let first = streams.join(one).unwrap();
        let _second = streams.join(one).unwrap();
        assert_eq!(refusal(streams.join(one)), "too_many_streams");
        let _third = streams.join(other).unwrap();
        assert_eq!(refusal(streams.join(UserId(Uuid::from_u128(3)))), "no_more_streams");
        drop(first);
        assert_eq!(streams.count(), 2);
        let again = streams.join(one).unwrap();
        assert!(!again.wake.has_changed().unwrap());
        streams.wake(other);
        assert!(!again.wake.has_changed().unwrap());
        streams.wake(one);
        assert!(again.wake.has_changed().unwrap());
        streams.close();
        drop(again);
        assert_eq!(refusal(streams.join(one)), "no_more_streams");
    }

    #[test]
    fn nobody_who_left_is_remembered() {
        let (streams, one) = (streams(), UserId(Uuid::from_u128(1)));
        drop(streams.join(one).unwrap());
        assert!(streams.open().people.is_empty());
    }
}
