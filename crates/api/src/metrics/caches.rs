//! What this instance keeps in memory rather than ask for it again, and how often that helped.

use std::sync::Arc;

use accounts::Tokens;
use kernel::cache::CacheState;
use workspace::Standings;

use super::text::Text;

/// The caches of an instance.
#[derive(Clone, Debug)]
pub(crate) struct Caches {
    pub standings: Arc<Standings>,
    pub tokens: Tokens,
}

impl Caches {
    pub(super) fn write(&self, text: &mut Text) {
        let states: Vec<CacheState> = self.standings.caches().into_iter().chain(self.tokens.caches()).collect();
        text.head(
            "lobby_cache_requests_total",
            "counter",
            "How often a cache was asked: it knew (hit) or did not (miss).",
        );
        for state in &states {
            for (outcome, count) in [("hit", state.hits), ("miss", state.misses)] {
                text.whole("lobby_cache_requests_total", &[("cache", state.name), ("outcome", outcome)], count);
            }
        }
        text.head(
            "lobby_cache_evictions_total",
            "counter",
            "Entries that had to go for others' sake, or for their age.",
        );
        for state in &states {
            text.whole("lobby_cache_evictions_total", &[("cache", state.name)], state.evictions);
        }
        text.head("lobby_cache_entries", "gauge", "Entries that are kept.");
        for state in &states {
            text.whole("lobby_cache_entries", &[("cache", state.name)], state.entries);
        }
    }
}
