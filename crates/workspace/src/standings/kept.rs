//! The memory behind the standings: bounded, in shards, and never keeping what was read before it was told to forget.

use std::{
    collections::HashMap,
    fmt,
    sync::{
        Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicBool, Ordering},
    },
};

use foldhash::fast::RandomState;
use kernel::{
    authority::Standing,
    cache::{CacheCounts, CacheState},
    ids::UserId,
};

/// Shards, so that readers on several cores rarely meet.
const SHARDS: usize = 64;

/// Standings by person.
pub(super) struct Kept {
    shards: Box<[RwLock<Shard>]>,
    capacity_per_shard: usize,
    trusted: AtomicBool,
    counts: CacheCounts,
}

#[derive(Default)]
struct Shard {
    /// Counts what the shard was told to forget.
    generation: u64,
    standings: HashMap<UserId, Arc<Standing>, RandomState>,
}

/// The right to keep what is read from now on, void as soon as something of the shard is to be forgotten.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ticket {
    generation: u64,
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept").field("trusted", &self.trusted).finish_non_exhaustive()
    }
}

impl Kept {
    /// Room for about `capacity` people; trusted by nobody yet.
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            shards: (0..SHARDS).map(|_| RwLock::default()).collect(),
            capacity_per_shard: capacity.div_ceil(SHARDS),
            trusted: AtomicBool::new(false),
            counts: CacheCounts::default(),
        }
    }

    /// What is known of `user`, while it can be trusted.
    pub(super) fn get(&self, user: UserId) -> Option<Arc<Standing>> {
        let trusted = self.trusted.load(Ordering::SeqCst);
        let known = if trusted { read(self.shard(user)).standings.get(&user).cloned() } else { None };
        self.counts.looked(known.is_some());
        known
    }

    /// What it has done.
    pub(super) fn state(&self) -> CacheState {
        let entries: usize = self.shards.iter().map(|shard| read(shard).standings.len()).sum();
        self.counts.state("standings", entries as u64)
    }

    /// To be taken before reading the database; `None` while nothing may be kept.
    pub(super) fn ticket(&self, user: UserId) -> Option<Ticket> {
        let trusted = self.trusted.load(Ordering::SeqCst);
        trusted.then(|| Ticket { generation: read(self.shard(user)).generation })
    }

    /// Keeps what was read with the ticket, unless something was to be forgotten since: then it may be old already.
    pub(super) fn keep(&self, ticket: Ticket, standing: &Arc<Standing>) {
        let mut shard = write(self.shard(standing.user));
        if shard.generation != ticket.generation {
            return;
        }
        if shard.standings.len() >= self.capacity_per_shard
            && !shard.standings.contains_key(&standing.user)
            && let Some(any) = shard.standings.keys().next().copied()
        {
            shard.standings.remove(&any);
            self.counts.evicted();
        }
        shard.standings.insert(standing.user, Arc::clone(standing));
    }

    /// Forgets one person.
    pub(super) fn forget_user(&self, user: UserId) {
        let mut shard = write(self.shard(user));
        shard.generation += 1;
        shard.standings.remove(&user);
    }

    /// Forgets everybody of whom `concerned` is true, and voids all tickets.
    pub(super) fn forget_where(&self, concerned: impl Fn(&Standing) -> bool) {
        for shard in &self.shards {
            let mut shard = write(shard);
            shard.generation += 1;
            shard.standings.retain(|_, standing| !concerned(standing));
        }
    }

    /// From now on it is told what to forget.
    pub(super) fn trust(&self) {
        // First the tickets: one that was handed out just before the trust ended may still be about.
        self.forget_where(|_| true);
        self.trusted.store(true, Ordering::SeqCst);
    }

    /// From now on it may not be told.
    pub(super) fn distrust(&self) {
        self.trusted.store(false, Ordering::SeqCst);
        self.forget_where(|_| true);
    }

    fn shard(&self, user: UserId) -> &RwLock<Shard> {
        // The last bytes of a UUIDv7 are random.
        let place = usize::from(user.0.as_bytes()[15]) % SHARDS;
        &self.shards[place]
    }
}

/// A panic elsewhere leaves a shard as it was between two of its steps, each of which is sound.
fn read(shard: &RwLock<Shard>) -> RwLockReadGuard<'_, Shard> {
    shard.read().unwrap_or_else(PoisonError::into_inner)
}

fn write(shard: &RwLock<Shard>) -> RwLockWriteGuard<'_, Shard> {
    shard.write().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn user(number: u128) -> UserId {
        UserId(Uuid::from_u128(number))
    }

    fn trusted(capacity: usize) -> Kept {
        let kept = Kept::new(capacity);
        kept.trust();
        kept
    }

    fn fill(kept: &Kept, who: UserId) {
        let ticket = kept.ticket(who).unwrap();
        kept.keep(ticket, &Arc::new(Standing::none(who)));
    }

    #[test]
    fn nothing_is_kept_before_it_listens_or_after_it_was_cut() {
        let kept = Kept::new(10);
        assert!(kept.ticket(user(1)).is_none());
        kept.trust();
        fill(&kept, user(1));
        assert!(kept.get(user(1)).is_some());
        kept.distrust();
        assert!(kept.get(user(1)).is_none());
        assert!(kept.ticket(user(1)).is_none());
        kept.trust();
        assert!(kept.get(user(1)).is_none(), "what was known before the cut is gone");
    }

    #[test]
    fn what_was_read_before_it_was_to_be_forgotten_is_not_kept() {
        let kept = trusted(10);
        let forgets: [&dyn Fn(); 4] =
            [&|| kept.forget_user(user(1)), &|| kept.forget_where(|_| false), &|| kept.distrust(), &|| kept.trust()];
        for forget in forgets {
            kept.trust();
            let ticket = kept.ticket(user(1)).unwrap();
            forget();
            kept.keep(ticket, &Arc::new(Standing::none(user(1))));
            kept.trusted.store(true, Ordering::SeqCst);
            assert!(kept.get(user(1)).is_none());
        }
    }

    #[test]
    fn only_those_concerned_are_forgotten() {
        let kept = trusted(1000);
        (0..100).for_each(|number| fill(&kept, user(number)));
        kept.forget_where(|standing| standing.user == user(5));
        kept.forget_user(user(6));
        let known: Vec<u128> = (0..100).filter(|number| kept.get(user(*number)).is_some()).collect();
        assert_eq!(known.len(), 98);
        assert!(!known.contains(&5) && !known.contains(&6));
    }

    #[test]
    fn it_is_bounded_and_keeps_the_newest() {
        let kept = trusted(SHARDS);
        for number in 0..10_000 {
            fill(&kept, user(number));
            assert!(kept.get(user(number)).is_some());
        }
        let known = (0..10_000).filter(|number| kept.get(user(*number)).is_some()).count();
        assert!(known <= SHARDS);
        let state = kept.state();
        assert_eq!((state.entries, state.evictions), (known as u64, 10_000 - known as u64));
        assert_eq!((state.hits, state.misses), (10_000 + known as u64, 10_000 - known as u64));
    }
}
