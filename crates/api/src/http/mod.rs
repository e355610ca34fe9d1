//! What surrounds every handler: the edge of the server, its health, its documents.

mod cors;
mod docs;
mod edge;
mod health;
mod jwks;
mod limits;
mod openapi;
mod span;

pub use cors::cors;
pub use docs::{configure as configure_docs, served as served_document};
pub use edge::{edge, milliseconds, not_found};
pub use health::Readiness;
pub use limits::Limits;
pub use openapi::document;
pub use span::RequestSpan;

use kernel::http::Routes;

/// The routes beside the API, from the root.
pub fn routes_beside() -> Routes {
    health::routes().and(jwks::routes())
}
