//! The program: a server around the services, and an orderly end.

use std::{sync::Arc, time::Duration};

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
    backup::Shelf,
    database::Servers,
    http::{self, Limits, Readiness},
    listening::{self, Socket},
    metrics::{Caches, Exporter, Requests, Sources},
    modules,
    service_manager::ServiceManager,
    services::Services,
    settings::{Listen, ServerSettings, Settings},
};

/// How `server.trusted_proxies` names whoever calls through the unix socket.
pub const UNIX: &str = "unix:";

/// A serving Lobby.
#[derive(Debug)]
pub struct Program {
    services: Services,
    servers: Servers,
    readiness: Readiness,
    place: Listen,
    /// Whether the socket stays open when this process ends.
    handed_over: bool,
    handle: ServerHandle,
    serving: JoinHandle<std::io::Result<()>>,
    manager: ServiceManager,
    watching: Option<JoinHandle<()>>,
    exporter: Option<Exporter>,
}

/// How long calls that were accepted but not begun have to begin, once no more are accepted from a socket that another process
/// goes on with. Nobody would answer them if the workers stopped before.
const LAST_CALLS: Duration = Duration::from_millis(500);

impl Program {
    /// Starts everything; answers when it listens.
    pub async fn start(settings: Settings, clock: Clock) -> anyhow::Result<Self> {
        let began = std::time::Instant::now();
        // On a thread of its own: nobody waits for it, and the first phone number finds it done.
        tokio::task::spawn_blocking(accounts::warm_up);
        let socket = listening::find(&settings.server.listen)?;
        let handed_over = !matches!(socket, Socket::ToBind(_));
        let (services, servers) = Services::start(&settings, clock).await?;
        let counting = settings.metrics.listen.parse().ok().map(|address| {
            let requests = Arc::new(Requests::default());
            let sources = Sources {
                requests: Arc::clone(&requests),
                databases: services.databases.clone(),
                passwords: services.passwords.clone(),
                caches: Caches { standings: Arc::clone(&services.standings), tokens: services.tokens.clone() },
                shelf: Shelf::new(&settings, &settings.data_dir),
                clock: services.clock.clone(),
                started: services.clock.now(),
            };
            (requests, Exporter::start(address, sources))
        });
        let (requests, exporter) = counting.unzip();
        match Self::listen(&services, &settings.server, socket, requests) {
            Ok((readiness, place, server)) => {
                let handle = server.handle();
                let serving = tokio::spawn(server);
                if let Some(address) = place.address() {
                    services.links().listening(address);
                }
                let manager = ServiceManager::of_this_process();
                let watching = manager.keep_watch();
                manager.ready();
                tracing::info!(address = %place, handed_over, milliseconds = http::milliseconds(began), "serving");
                Ok(Self {
                    services,
                    servers,
                    readiness,
                    place,
                    handed_over,
                    handle,
                    serving,
                    manager,
                    watching,
                    exporter,
                })
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
        socket: Socket,
        requests: Option<Arc<Requests>>,
    ) -> anyhow::Result<(Readiness, Listen, actix_web::dev::Server)> {
        let readiness = Readiness::new(services.databases.clone());
        let document = http::document(modules::routes(), modules::routes_beside());
        let (request, upload) = (settings.request_seconds, settings.upload_seconds);
        let limits = Limits::new(&document, Duration::from_secs(request), Duration::from_secs(upload));
        let (limits, document) = (Data::new(limits), Data::new(http::served_document(&document)));
        // What names no network was refused with the rest of the configuration.
        let networks = settings.trusted_proxies.iter().filter_map(|proxy| proxy.parse().ok()).collect();
        let unix = settings.trusted_proxies.iter().any(|proxy| proxy == UNIX);
        let proxies = Data::new(TrustedProxies::new(networks, settings.proxy_header).with_unix_sockets(unix));
        let shared = (Data::new(readiness.clone()), document, limits, proxies);
        let origins = settings.cors_origins.clone();
        let configure = services.configuration();
        let workers = match settings.workers {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            workers => workers,
        };
        let server = HttpServer::new(move || {
            let (readiness, document, limits, proxies) = shared.clone();
            let counting = requests.clone();
            App::new()
                .configure(|config| {
                    if let Some(requests) = counting {
                        config.app_data(Data::from(requests));
                    }
                })
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
        .disable_signals();
        let (server, place) = match socket {
            Socket::ToBind(Listen::Tcp(address)) => {
                let server = server.bind(address).with_context(|| format!("can't listen on {address}"))?;
                let address = server.addrs().first().copied().context("no address to listen on")?;
                (server, Listen::Tcp(address))
            }
            Socket::ToBind(Listen::Unix(path)) => {
                let bound =
                    listening::bind(&path).with_context(|| format!("can't listen on unix:{}", path.display()))?;
                (server.listen_uds(bound)?, Listen::Unix(path))
            }
            Socket::Tcp(listener) => {
                let address = listener.local_addr()?;
                (server.listen(listener)?, Listen::Tcp(address))
            }
            Socket::Unix(listener) => {
                let place = listening::place_of(&listener)?;
                (server.listen_uds(listener)?, place)
            }
        };
        Ok((readiness, place, server.run()))
    }

    /// Where it listens.
    pub fn address(&self) -> &Listen {
        &self.place
    }

    /// What it serves with.
    pub fn services(&self) -> &Services {
        &self.services
    }

    /// Lets running requests end, then stops everything it started.
    pub async fn stop(self) {
        self.manager.stopping();
        self.readiness.stop();
        if self.handed_over {
            // From here on calls wait for the next process; those that this one took are answered by it.
            self.handle.pause().await;
            tokio::time::sleep(LAST_CALLS).await;
        } else if let Listen::Unix(path) = &self.place {
            listening::close(path);
        }
        self.services.end_streams();
        self.handle.stop(true).await;
        if let Some(exporter) = self.exporter {
            exporter.stop().await;
        }
        if let Some(watching) = self.watching {
            watching.abort();
        }
        if let Ok(Err(error)) = self.serving.await {
            tracing::error!(%error, "the server ended in disorder");
        }
        self.services.stop().await;
        self.servers.stop().await;
    }
}
