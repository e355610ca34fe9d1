//! The databases: the configured ones, or a private PostgreSQL that starts and stops with the program.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use embedded::{Embedded, Options};
use kernel::db::{DatabaseSettings as Connections, Databases};
use secrecy::ExposeSecret;
use tokio::task::JoinHandle;

use crate::settings::DatabaseSettings;

/// The name of the database in the private PostgreSQL.
const PRIVATE_DATABASE: &str = "lobby";

/// Where a statement ends that nobody waits for any more; requests are given up before. Backups and migrations, which work
/// without it, take what they take.
const LONGEST_STATEMENT: &str = "30s";

/// Lobby's statements are short: compiling them would cost more than it saves, and where memory may not become code (the
/// service's hardening) it can't be done.
pub(crate) fn options(bin_dir: Option<PathBuf>) -> Options {
    Options { bin_dir, settings: vec![("jit".to_owned(), "off".to_owned())], ..Options::default() }
}

/// Where the databases are, and the private server if there is one.
#[derive(Debug)]
pub struct Servers {
    connections: Connections,
    private: Option<(Arc<Embedded>, JoinHandle<()>)>,
}

/// One database, and the modules that live in it.
#[derive(Clone)]
pub(crate) struct Place {
    /// Where it is. Holds a password.
    pub url: String,
    /// Whose it is.
    pub modules: Vec<&'static str>,
}

impl Servers {
    /// Finds out where the databases are; starts the private PostgreSQL if none is configured.
    pub async fn start(settings: &DatabaseSettings, data_dir: &Path) -> anyhow::Result<Self> {
        let mut url = settings.url.expose_secret().to_owned();
        let mut private = None;
        if url.is_empty() {
            let bin_dir = (!settings.postgres_bin.is_empty()).then(|| settings.postgres_bin.as_str().into());
            let server = Arc::new(Embedded::start(data_dir, options(bin_dir)).await?);
            server.ensure_database(PRIVATE_DATABASE).await?;
            url = server.url(PRIVATE_DATABASE);
            let watched = Arc::clone(&server);
            private = Some((server, tokio::spawn(async move { watched.watch().await })));
        }
        let modules = settings.modules.iter();
        let connections = Connections {
            url,
            modules: modules.map(|(name, module)| (name.clone(), module.url.expose_secret().to_owned())).collect(),
            max_connections: settings.max_connections,
            acquire_timeout: Duration::from_secs(settings.acquire_seconds),
        };
        Ok(Self { connections, private })
    }

    /// Brings every module's schema up to date; answers the steps that were applied.
    pub async fn migrate(&self) -> anyhow::Result<Vec<String>> {
        let mut applied = Vec::new();
        for module in migration::MODULES {
            let url = self.connections.modules.get(module).unwrap_or(&self.connections.url);
            applied.extend(migration::migrate(url, module).await?);
        }
        Ok(applied)
    }

    /// The steps that are still to be applied.
    pub(crate) async fn plan(&self) -> anyhow::Result<Vec<migration::Planned>> {
        let mut planned = Vec::new();
        for module in migration::MODULES {
            let url = self.connections.modules.get(module).unwrap_or(&self.connections.url);
            planned.extend(migration::plan(url, module).await?);
        }
        Ok(planned)
    }

    /// Opens the pools. No statement takes for ever. Their sessions take the role that the migrations made for the program, where they could: it
    /// owns nothing, so it can't switch off what the tables refuse.
    pub async fn open(&self) -> anyhow::Result<Databases> {
        let mut connections = self.connections.clone();
        for url in std::iter::once(&mut connections.url).chain(connections.modules.values_mut()) {
            let role = migration::role(url).await?;
            let options = [("statement_timeout", Some(LONGEST_STATEMENT)), ("role", role)];
            for (name, value) in options.into_iter().filter_map(|(name, value)| Some((name, value?))) {
                url.push(if url.contains('?') { '&' } else { '?' });
                url.push_str("options[");
                url.push_str(name);
                url.push_str("]=");
                url.push_str(value);
            }
        }
        Ok(Databases::connect(&connections).await?)
    }

    /// Opens the pools as whoever the configuration names, who may see everything. For backups, which are whole or nothing.
    pub(crate) async fn open_whole(&self) -> anyhow::Result<Databases> {
        Ok(Databases::connect(&self.connections).await?)
    }

    /// The distinct databases, each with the modules in it.
    pub(crate) fn places(&self) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        for module in migration::MODULES {
            let url = self.connections.modules.get(module).unwrap_or(&self.connections.url);
            match places.iter_mut().find(|place| place.url == *url) {
                Some(place) => place.modules.push(module),
                None => places.push(Place { url: url.clone(), modules: vec![module] }),
            }
        }
        places
    }

    /// Stops the private server, if there is one and no other Lobby uses it.
    pub async fn stop(self) {
        if let Some((server, watch)) = self.private {
            if let Err(error) = server.stop().await {
                tracing::error!(%error, "the private PostgreSQL did not stop");
            }
            watch.abort();
        }
    }
}
