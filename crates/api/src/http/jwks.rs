//! `/.well-known/jwks.json`: the keys by which others verify Lobby's access tokens (RFC 7517).

use accounts::Tokens;
use actix_web::{HttpResponse, http::header, web::Data};
use kernel::{
    guard::{Guarded, Public},
    http::Routes,
};

use super::health::Program;

pub(super) mod keys {
    use super::{Data, Guarded, HttpResponse, Program, Public, Tokens, header};

    /// Publishes the keys that verify access tokens.
    ///
    /// Fetch it again when a token names a `kid` that you don't know; keys stay published for as long as tokens made
    /// with them live.
    #[utoipa::path(get, path = "/.well-known/jwks.json", tag = "server", operation_id = "jwks",
        responses((status = 200, description = "A JWK Set.", body = Object)))]
    pub async fn keys(_guard: Guarded<Public<Program>>, tokens: Data<Tokens>) -> HttpResponse {
        HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "public, max-age=300")).json(tokens.jwks())
    }
}

/// The one route.
pub(super) fn routes() -> Routes {
    kernel::routes![keys::keys]
}
