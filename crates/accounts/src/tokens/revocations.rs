//! The sessions that ended recently, in memory: those whose tokens would still look good.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use kernel::ids::SessionId;
use moka::sync::Cache;

/// Ended sessions. They are complete, and so trusted, only while notices arrive and what was before was read.
#[derive(Debug)]
pub(super) struct Revocations {
    /// Without a bound on their number: to forget one would let it live again. They are forgotten by age.
    ended: Cache<SessionId, ()>,
    /// Counts the connections and losses of the listener.
    epoch: AtomicU64,
    /// The epoch in which they are complete.
    trusted: AtomicU64,
}

impl Revocations {
    /// Remembers each for `memory`, and trusts itself not yet.
    pub(super) fn new(memory: Duration) -> Self {
        let ended = Cache::builder().time_to_live(memory).build();
        Self { ended, epoch: AtomicU64::new(1), trusted: AtomicU64::new(0) }
    }

    pub(super) fn add(&self, session: SessionId) {
        self.ended.insert(session, ());
    }

    pub(super) fn has(&self, session: SessionId) -> bool {
        self.ended.contains_key(&session)
    }

    /// The listener's state changed: begins an epoch, not trusted.
    pub(super) fn renew(&self) -> u64 {
        self.epoch.fetch_add(1, Ordering::SeqCst) + 1
    }

    pub(super) fn is_current(&self, epoch: u64) -> bool {
        self.epoch.load(Ordering::SeqCst) == epoch
    }

    /// They are complete as of `epoch`. If that is over, this means nothing, and takes nothing from a later one.
    pub(super) fn trust(&self, epoch: u64) {
        self.trusted.fetch_max(epoch, Ordering::SeqCst);
    }

    pub(super) fn are_trusted(&self) -> bool {
        self.is_current(self.trusted.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_ended_is_remembered_whether_trusted_or_not() {
        let revocations = Revocations::new(Duration::from_mins(1));
        let session = SessionId(Uuid::from_u128(7));
        assert!(!revocations.has(session));
        revocations.add(session);
        assert!(revocations.has(session));
        revocations.renew();
        assert!(revocations.has(session));
    }

    #[test]
    fn trust_lasts_from_the_reading_to_the_loss() {
        let revocations = Revocations::new(Duration::from_mins(1));
        assert!(!revocations.are_trusted());
        let first = revocations.renew();
        assert!(!revocations.are_trusted());
        revocations.trust(first);
        assert!(revocations.are_trusted());
        revocations.renew();
        assert!(!revocations.are_trusted());
    }

    #[test]
    fn a_reading_of_a_former_connection_earns_no_trust_and_takes_none() {
        let revocations = Revocations::new(Duration::from_mins(1));
        let former = revocations.renew();
        let current = revocations.renew();
        revocations.trust(former);
        assert!(!revocations.are_trusted());
        revocations.trust(current);
        revocations.trust(former);
        assert!(revocations.are_trusted());
    }
}
