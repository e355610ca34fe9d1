//! The listener that tells the numbers, and what they are gathered from.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use accounts::Passwords;
use actix_web::{App, HttpResponse, HttpServer, web};
use chrono::{DateTime, Utc};
use kernel::{clock::Clock, db::Databases, outbox_lag::lags};
use tokio::{sync::Notify, task::JoinHandle};

use super::{Caches, Requests, text::Text};
use crate::backup::Shelf;

/// What numbers are gathered from.
#[derive(Clone, Debug)]
pub(crate) struct Sources {
    pub requests: Arc<Requests>,
    pub databases: Databases,
    pub passwords: Passwords,
    pub caches: Caches,
    pub shelf: Shelf,
    pub clock: Clock,
    pub started: DateTime<Utc>,
}

/// Tells the numbers until it is stopped.
#[derive(Debug)]
pub(crate) struct Exporter {
    telling: JoinHandle<()>,
    stopping: Arc<Notify>,
}

/// How long until the address is tried again, while the process that this one replaces still has it.
const AGAIN: Duration = Duration::from_secs(1);

impl Exporter {
    /// Listens on `address`, now or as soon as it is free: numbers are no reason not to serve.
    pub fn start(address: SocketAddr, sources: Sources) -> Self {
        let stopping = Arc::new(Notify::new());
        let telling = tokio::spawn(tell_until(address, sources, Arc::clone(&stopping)));
        Self { telling, stopping }
    }

    /// Frees the address.
    pub async fn stop(self) {
        self.stopping.notify_one();
        let _ = self.telling.await;
    }
}

async fn tell_until(address: SocketAddr, sources: Sources, stopping: Arc<Notify>) {
    let mut told = false;
    loop {
        match serve(address, sources.clone()) {
            Ok(server) => {
                let handle = server.handle();
                let serving = tokio::spawn(server);
                stopping.notified().await;
                handle.stop(false).await;
                let _ = serving.await;
                return;
            }
            Err(error) if !told => {
                tracing::warn!(%error, %address, "metrics can't be told yet; tried again every second");
                told = true;
            }
            Err(_) => {}
        }
        tokio::select! {
            () = stopping.notified() => return,
            () = tokio::time::sleep(AGAIN) => {}
        }
    }
}

fn serve(address: SocketAddr, sources: Sources) -> std::io::Result<actix_web::dev::Server> {
    let server = HttpServer::new(move || {
        App::new().app_data(web::Data::new(sources.clone())).route("/metrics", web::get().to(tell))
    });
    Ok(server.workers(1).disable_signals().shutdown_timeout(1).bind(address)?.run())
}

async fn tell(sources: web::Data<Sources>) -> HttpResponse {
    let mut text = Text::default();
    sources.requests.write(&mut text);
    sources.write(&mut text).await;
    HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(text.into_string())
}

impl Sources {
    async fn write(&self, text: &mut Text) {
        text.head("lobby_build_info", "gauge", "The version that runs.");
        text.whole("lobby_build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1_u64);
        text.gauge("lobby_start_time_seconds", "When this process started.", seconds(self.started));

        let pools = self.databases.pools();
        text.head("lobby_database_connections", "gauge", "Connections of the pool that are open.");
        for pool in &pools {
            text.whole("lobby_database_connections", &[("pool", &pool.name)], pool.open);
        }
        text.head("lobby_database_connections_idle", "gauge", "Those of them that nobody uses.");
        for pool in &pools {
            text.whole("lobby_database_connections_idle", &[("pool", &pool.name)], pool.idle as u64);
        }

        let (running, waiting) = self.passwords.busy();
        text.head("lobby_password_hashes", "gauge", "Passwords that are being hashed, and that wait for it.");
        text.whole("lobby_password_hashes", &[("state", "running")], running as u64);
        text.whole("lobby_password_hashes", &[("state", "waiting")], waiting as u64);

        self.caches.write(text);

        let lags = lags(&self.databases, &migration::MODULES).await;
        let up = if lags.is_ok() { 1.0 } else { 0.0 };
        text.gauge("lobby_database_up", "Whether every database answered just now.", up);
        let lags = lags.unwrap_or_default();
        text.head("lobby_outbox_events", "gauge", "Events that were not told to everybody yet.");
        for lag in &lags {
            text.number("lobby_outbox_events", &[("module", lag.module)], waiting_events(lag.waiting));
        }
        text.head("lobby_outbox_lag_seconds", "gauge", "Seconds since the oldest of them happened.");
        for lag in &lags {
            text.number("lobby_outbox_lag_seconds", &[("module", lag.module)], lag.seconds);
        }

        // No sample rather than a wrong one: an alert on its absence says that there is no backup.
        if let Some(made) = self.shelf.last_verified() {
            let name = "lobby_backup_verified_timestamp_seconds";
            text.gauge(name, "When the newest backup that was verified was made.", seconds(made));
            let age = (self.clock.now() - made).as_seconds_f64();
            text.gauge("lobby_backup_verified_age_seconds", "How long ago that was.", age);
        }
    }
}

fn seconds(at: DateTime<Utc>) -> f64 {
    (at - DateTime::UNIX_EPOCH).as_seconds_f64()
}

/// Prometheus counts in floating point, too.
#[expect(clippy::cast_precision_loss, reason = "exact up to nine quadrillion events")]
fn waiting_events(count: i64) -> f64 {
    count as f64
}
