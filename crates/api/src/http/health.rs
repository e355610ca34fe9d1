//! `/health` and `/ready`: for balancers and service managers.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use actix_web::{HttpResponse, web::Data};
use kernel::{
    db::{Databases, Module},
    guard::{Guarded, Public},
    http::Routes,
    problem::Problem,
};
use serde::Serialize;
use utoipa::ToSchema;

/// The program itself, which has no schema of its own.
#[derive(Debug)]
pub struct Program;

impl Module for Program {
    const NAME: &'static str = "program";
}

/// Whether this instance should get requests.
#[derive(Clone, Debug)]
pub struct Readiness {
    databases: Databases,
    stopping: Arc<AtomicBool>,
}

impl Readiness {
    /// Ready while the databases answer, until told otherwise.
    pub fn new(databases: Databases) -> Self {
        Self { databases, stopping: Arc::new(AtomicBool::new(false)) }
    }

    /// From now on `/ready` says no, so that balancers look elsewhere while running requests end.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }
}

/// A sign of life.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// Always `ok`.
    #[schema(example = "ok")]
    status: &'static str,
    /// The version that runs.
    version: &'static str,
}

const OK: Health = Health { status: "ok", version: env!("CARGO_PKG_VERSION") };

pub(super) mod alive {
    use super::{Guarded, Health, HttpResponse, OK, Program, Public};

    /// Says that the process lives.
    ///
    /// Asks nothing of the database: a restart would not bring that back.
    #[utoipa::path(get, path = "/health", tag = "server", operation_id = "health",
        responses((status = 200, description = "It lives.", body = Health)))]
    pub async fn alive(_guard: Guarded<Public<Program>>) -> HttpResponse {
        HttpResponse::Ok().json(OK)
    }
}

pub(super) mod ready {
    use super::{Data, Guarded, Health, HttpResponse, OK, Ordering, Problem, Program, Public, Readiness};

    /// Says whether this instance should get requests: its databases answer and it is not stopping.
    #[utoipa::path(get, path = "/ready", tag = "server", operation_id = "ready",
        responses((status = 200, description = "It serves.", body = Health)))]
    pub async fn ready(_guard: Guarded<Public<Program>>, readiness: Data<Readiness>) -> Result<HttpResponse, Problem> {
        if readiness.stopping.load(Ordering::Relaxed) {
            return Err(Problem::unavailable("stopping", "This instance is stopping.", 1));
        }
        readiness.databases.ping().await?;
        Ok(HttpResponse::Ok().json(OK))
    }
}

/// `/health` and `/ready`.
pub(super) fn routes() -> Routes {
    kernel::routes![alive::alive, ready::ready]
}
