//! What a caller may choose about the server.

use std::path::PathBuf;

/// Settings of the server that [`Embedded::start`](crate::Embedded::start) starts.
///
/// They hold for a server that is started; one that already runs and is adopted keeps those it was started with.
#[derive(Debug, Clone)]
pub struct Options {
    /// Folder of `initdb` and `postgres`; `None` looks in `LOBBY_POSTGRES_BIN`, `PATH` and the usual places.
    pub bin_dir: Option<PathBuf>,
    /// Whether what is committed stays committed. `false` is for tests: much faster, but a crash of the server loses the
    /// last commits and a crash of the machine everything.
    pub durable: bool,
    /// Further settings of PostgreSQL (name, value); they win over Lobby's own.
    pub settings: Vec<(String, String)>,
}

impl Default for Options {
    fn default() -> Self {
        Self { bin_dir: None, durable: true, settings: Vec::new() }
    }
}

impl Options {
    /// Settings for tests: nothing is synced to disk.
    pub fn for_tests() -> Self {
        Self { durable: false, ..Self::default() }
    }

    /// The settings of PostgreSQL that follow from these options, in the order in which they are to be given.
    pub(crate) fn settings(&self) -> Vec<(String, String)> {
        let lasting = [("timezone", "UTC"), ("log_timezone", "UTC"), ("log_line_prefix", "%m [%p] %q%u@%d ")];
        let volatile = [
            ("fsync", "off"),
            ("synchronous_commit", "off"),
            ("full_page_writes", "off"),
            ("wal_level", "minimal"),
            ("max_wal_senders", "0"),
        ];
        let volatile = if self.durable { &[][..] } else { &volatile[..] };
        let own = lasting.iter().chain(volatile).map(|&(name, value)| (name.to_owned(), value.to_owned()));
        own.chain(self.settings.iter().cloned()).collect()
    }
}
