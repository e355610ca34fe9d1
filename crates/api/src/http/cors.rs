//! Which web origins browsers may call from (Fetch standard, CORS protocol): those configured, no other.

use actix_cors::Cors;
use actix_web::http::{Method, header};

/// The rules for these origins. There are no cookies, so credentials are never allowed.
pub fn cors(origins: &[String]) -> Cors {
    let cors = origins.iter().fold(Cors::default(), |cors, origin| cors.allowed_origin(origin));
    cors.allowed_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allowed_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_MATCH,
            header::IF_NONE_MATCH,
            header::RANGE,
        ])
        .allowed_header("idempotency-key")
        .allowed_header("x-request-id")
        .expose_headers(["etag", "location", "link", "retry-after", "x-request-id", "idempotency-replayed"])
        .max_age(3600)
}
