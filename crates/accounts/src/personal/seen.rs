//! The tokens that this instance has seen: bounded, and never keeping what was read before it was told to forget.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use kernel::{
    cache::{CacheCounts, CacheState},
    ids::TokenId,
};
use moka::{notification::RemovalCause, sync::Cache};

/// How many are remembered.
const CAPACITY: u64 = 20_000;

/// What is known of tokens, by their ids.
pub(super) struct SeenTokens<T> {
    kept: Cache<TokenId, Arc<T>>,
    /// Taken for every change, so that nothing comes between looking at it and keeping.
    state: Mutex<State>,
    counts: Arc<CacheCounts>,
}

#[derive(Clone, Copy, Default)]
struct State {
    /// Counts what was to be forgotten.
    generation: u64,
    /// Whether it is told what to forget.
    trusted: bool,
}

/// The right to keep what is read from now on, void as soon as anything is to be forgotten.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ticket(u64);

impl<T> fmt::Debug for SeenTokens<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SeenTokens")
    }
}

impl<T: Send + Sync + 'static> Default for SeenTokens<T> {
    /// Knows nothing, and keeps nothing until it is trusted.
    fn default() -> Self {
        let counts = Arc::<CacheCounts>::default();
        let counting = Arc::clone(&counts);
        let gone = move |_: Arc<TokenId>, _: Arc<T>, cause: RemovalCause| {
            if cause.was_evicted() {
                counting.evicted();
            }
        };
        let kept = Cache::builder().max_capacity(CAPACITY).eviction_listener(gone).build();
        Self { kept, state: Mutex::default(), counts }
    }
}

impl<T: Send + Sync + 'static> SeenTokens<T> {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of a token. While it is not trusted, nothing is.
    pub(super) fn get(&self, id: TokenId) -> Option<Arc<T>> {
        let known = self.kept.get(&id);
        self.counts.looked(known.is_some());
        known
    }

    /// What it has done.
    pub(super) fn counted(&self) -> CacheState {
        self.kept.run_pending_tasks();
        self.counts.state("personal_tokens", self.kept.entry_count())
    }

    /// To be taken before reading the database; none while nothing may be kept.
    pub(super) fn ticket(&self) -> Option<Ticket> {
        let state = self.state();
        state.trusted.then_some(Ticket(state.generation))
    }

    /// Keeps what was read with the ticket, unless something was to be forgotten since: then it may be old already.
    pub(super) fn keep(&self, ticket: Ticket, id: TokenId, known: &Arc<T>) {
        let state = self.state();
        if state.trusted && state.generation == ticket.0 {
            self.kept.insert(id, Arc::clone(known));
        }
    }

    pub(super) fn forget(&self, id: TokenId) {
        let mut state = self.state();
        state.generation += 1;
        self.kept.invalidate(&id);
    }

    pub(super) fn forget_all(&self) {
        self.turn(|_| {});
    }

    pub(super) fn trust(&self) {
        self.turn(|state| state.trusted = true);
    }

    pub(super) fn distrust(&self) {
        self.turn(|state| state.trusted = false);
    }

    fn turn(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.state();
        state.generation += 1;
        change(&mut state);
        self.kept.invalidate_all();
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn id(number: u128) -> TokenId {
        TokenId(Uuid::from_u128(number))
    }

    #[test]
    fn nothing_is_kept_that_might_be_old() {
        let seen: SeenTokens<u8> = SeenTokens::default();
        assert!(seen.ticket().is_none(), "it keeps before it listens");
        seen.trust();
        let forgets: [&dyn Fn(); 4] =
            [&|| seen.forget(id(2)), &|| seen.forget_all(), &|| seen.distrust(), &|| seen.trust()];
        for forget in forgets {
            seen.trust();
            let ticket = seen.ticket().unwrap();
            forget();
            seen.keep(ticket, id(1), &Arc::new(1));
            assert!(seen.get(id(1)).is_none());
        }
    }

    #[test]
    fn what_is_to_be_forgotten_is() {
        let seen: SeenTokens<u8> = SeenTokens::default();
        let fill = || {
            seen.trust();
            for number in 1..=3 {
                seen.keep(seen.ticket().unwrap(), id(number), &Arc::new(1));
            }
        };
        fill();
        seen.forget(id(1));
        assert!(seen.get(id(1)).is_none() && seen.get(id(2)).is_some());
        for forget in [SeenTokens::forget_all, SeenTokens::distrust] as [fn(&SeenTokens<u8>); 2] {
            fill();
            forget(&seen);
            assert!((1..=3).all(|number| seen.get(id(number)).is_none()));
        }
    }
}
