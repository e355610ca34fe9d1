//! What every guard of this instance needs; one of it is shared by all workers.

use std::sync::Arc;

use actix_web::{HttpRequest, http::header, web};

use crate::{
    authority::{Authority, Caller, Standing, TokenFault},
    clock::Clock,
    db::Databases,
    page::CursorSeal,
    problem::Problem,
};

/// The guard's means. Its fields are private: an application that registers it can't get at the pools through it.
pub struct Gate {
    pub(super) authority: Arc<dyn Authority>,
    pub(super) databases: Databases,
    pub(super) clock: Clock,
    pub(super) seal: CursorSeal,
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Gate")
    }
}

impl Gate {
    /// The gate of an instance; register it as `web::Data<Gate>`.
    pub fn new(authority: Arc<dyn Authority>, databases: Databases, clock: Clock, seal: CursorSeal) -> Self {
        Self { authority, databases, clock, seal }
    }

    pub(crate) fn seal(&self) -> &CursorSeal {
        &self.seal
    }

    pub(crate) fn of(request: &HttpRequest) -> Result<web::Data<Self>, Problem> {
        request.app_data::<web::Data<Self>>().cloned().ok_or_else(|| Problem::internal(&NoGate))
    }

    /// Who sent `request`, and what they hold, less what a token takes away from that; 401 for nobody.
    pub(super) async fn admit(&self, request: &HttpRequest) -> Result<(Caller, Arc<Standing>), Problem> {
        let caller = self.caller(request).await?;
        let standing = self.authority.standing(caller.user).await?;
        let standing = caller.left_of_standing(standing);
        Ok((caller, standing))
    }

    /// Who sent `request`, by its bearer token (RFC 6750 section 2.1).
    async fn caller(&self, request: &HttpRequest) -> Result<Caller, Problem> {
        let Some(header) = request.headers().get(header::AUTHORIZATION) else {
            let detail = "Sign in and send the access token as `Authorization: Bearer …`.";
            return Err(Problem::unauthorized("unauthenticated", detail));
        };
        let token = header.to_str().ok().and_then(|value| {
            let (scheme, token) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        });
        let verified = match token {
            Some(token) => self.authority.authenticate(token).await,
            None => Err(TokenFault::Invalid),
        };
        verified.map_err(|fault| match fault {
            TokenFault::Unavailable => {
                Problem::unavailable("database_unavailable", "The database is not reachable; try again shortly.", 1)
            }
            fault => {
                tracing::debug!(%fault, "bearer token refused");
                let detail = "The access token is not valid, or no longer; refresh it or sign in again.";
                Problem::unauthorized("invalid_token", detail)
            }
        })
    }
}

#[derive(Debug, thiserror::Error)]
#[error("no web::Data<Gate> is registered")]
struct NoGate;
