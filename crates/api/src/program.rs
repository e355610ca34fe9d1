//! The program: a server around the services, and an orderly end.

use std::{net::SocketAddr, time::Duration};

use actix_web::{
    App, HttpServer,
    dev::ServerHandle,
    middleware::from_fn,
    web::{self, Data},
};
use anyhow::Context;
use kernel::{clock::Clock, proxies::TrustedProxies};
use tokio::task::JoinHandle;
use tracing_actix_web::TracingLogger;

use crate::{
    database::Servers,
    http::{self, Limits, Readiness},
    modules,
    services::Services,
    settings::{ServerSettings, Settings},
};

/// A serving Lobby.
#[derive(Debug)]
pub struct Program {
    services: Services,
    servers: Servers,
    readiness: Readiness,
    address: SocketAddr,
    handle: ServerHandle,
    serving: JoinHandle<std::io::Result<()>>,
}

impl Program {
    /// Starts everything; answers when it listens.
    pub async fn start(settings: Settings, clock: Clock) -> anyhow::Result<Self> {
        let began = std::time::Instant::now();
        // On a thread of its own: nobody waits for it, and the first phone number finds it done.
        tokio::task::spawn_blocking(accounts::warm_up);
        let (services, servers) = Services::start(&settings, clock).await?;
        match Self::listen(&services, &settings.server) {
            Ok((readiness, address, server)) => {
                let handle = server.handle();
                let serving = tokio::spawn(server);
                services.links().listening(address);
                tracing::info!(%address, milliseconds = http::milliseconds(began), "serving");
                Ok(Self { services, servers, readiness, address, handle, serving })
            }
            Err(error) => {
                services.stop().await;
                servers.stop().await;
                Err(error)
            }
        }
    }

    fn listen(
        services: &Services,
        settings: &ServerSettings,
    ) -> anyhow::Result<(Readiness, SocketAddr, actix_web::dev::Server)> {
        let readiness = Readiness::new(services.databases.clone());
        let document = Data::new(http::served_document(&http::document(modules::routes(), modules::routes_beside())));
        let limits = Data::new(Limits {
            request: Duration::from_secs(settings.request_seconds),
            upload: Duration::from_secs(settings.upload_seconds),
        });
        // What names no network was refused with the rest of the configuration.
        let networks = settings.trusted_proxies.iter().filter_map(|proxy| proxy.parse().ok()).collect();
        let proxies = Data::new(TrustedProxies::new(networks, settings.proxy_header));
        let shared = (Data::new(readiness.clone()), document, limits, proxies);
        let origins = settings.cors_origins.clone();
        let configure = services.configuration();
        let workers = match settings.workers {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            workers => workers,
        };
        let server = HttpServer::new(move || {
            let (readiness, document, limits, proxies) = shared.clone();
            App::new()
                .app_data(readiness)
                .app_data(document)
                .app_data(limits)
                .app_data(proxies)
                .configure(&configure)
                .configure(http::configure_docs)
                .default_service(web::to(http::not_found))
                .wrap(http::cors(&origins))
                .wrap(from_fn(http::edge))
                .wrap(TracingLogger::<http::RequestSpan>::new())
        })
        .workers(workers)
        // Who hangs up is gone: a stream of events is not kept for them until its next sign of life can't be sent.
        .h1_allow_half_closed(false)
        .client_request_timeout(Duration::from_secs(10))
        // After an early refusal, slow clients get this long to read it before the connection is cut.
        .client_disconnect_timeout(Duration::from_secs(5))
        .shutdown_timeout(settings.shutdown_seconds)
        .disable_signals()
        .bind(settings.listen)
        .with_context(|| format!("can't listen on {}", settings.listen))?;
        let address = server.addrs().first().copied().context("no address to listen on")?;
        Ok((readiness, address, server.run()))
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it serves with.
    pub fn services(&self) -> &Services {
        &self.services
    }

    /// Lets running requests end, then stops everything it started.
    pub async fn stop(self) {
        self.readiness.stop();
        self.services.end_streams();
        self.handle.stop(true).await;
        if let Ok(Err(error)) = self.serving.await {
            tracing::error!(%error, "the server ended in disorder");
        }
        self.services.stop().await;
        self.servers.stop().await;
    }
}
