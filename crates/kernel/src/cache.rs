//! What a cache has done, for whoever watches: how often it knew, how often it had to ask, and what had to go.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counts what a cache does.
#[derive(Debug, Default)]
pub struct CacheCounts {
    hits: AtomicU64,
    misses: AtomicU64,
    evictions: AtomicU64,
}

impl CacheCounts {
    /// Counts a look into the cache, which knew or did not.
    pub fn looked(&self, knew: bool) {
        let counted = if knew { &self.hits } else { &self.misses };
        counted.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts an entry that had to go for another's sake, or because it was old. What changed is forgotten, not evicted.
    pub fn evicted(&self) {
        self.evictions.fetch_add(1, Ordering::Relaxed);
    }

    /// All of it, with the number of entries.
    pub fn state(&self, name: &'static str, entries: u64) -> CacheState {
        let read = |counted: &AtomicU64| counted.load(Ordering::Relaxed);
        let (hits, misses, evictions) = (read(&self.hits), read(&self.misses), read(&self.evictions));
        CacheState { name, hits, misses, evictions, entries }
    }
}

/// What a cache has done since the program started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheState {
    /// What is kept in it.
    pub name: &'static str,
    /// How often it knew.
    pub hits: u64,
    /// How often it did not, and somebody else was asked.
    pub misses: u64,
    /// Entries that had to go.
    pub evictions: u64,
    /// Entries that are there.
    pub entries: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_counted_by_itself() {
        let counts = CacheCounts::default();
        counts.looked(true);
        counts.looked(true);
        counts.looked(false);
        counts.evicted();
        let expected = CacheState { name: "things", hits: 2, misses: 1, evictions: 1, entries: 7 };
        assert_eq!(counts.state("things", 7), expected);
    }
}
