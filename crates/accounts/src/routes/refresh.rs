//! `POST /auth/refresh`

use actix_web::{
    CustomizeResponder,
    web::{Data, Json},
};
use kernel::{
    guard::{Guarded, Public},
    http::Body,
    problem::{Problem, ProblemDocument},
};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::confidential;
use crate::{Schema, dto::TokensView, service::Accounts};

/// A refresh token to exchange.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    /// The refresh token that signing in or the last refreshing gave.
    #[schema(value_type = String, format = Password)]
    refresh_token: SecretString,
}

/// Exchanges a refresh token.
///
/// Each is good once, and gives the next pair. Presented again within 30 seconds it gives the same successor again, so
/// that a lost reply logs nobody out; presented later it ends the session, because somebody has a copy.
#[utoipa::path(post, path = "/auth/refresh", tag = "auth", operation_id = "refresh", request_body = Refresh,
    responses((status = 200, description = "The next pair of tokens", body = TokensView),
        (status = 401, description = "The token is not good, or no longer.", body = ProblemDocument,
            content_type = "application/problem+json")))]
pub async fn refresh(
    guard: Guarded<Public<Schema>>,
    body: Body<Refresh>,
    accounts: Data<Accounts>,
) -> Result<CustomizeResponder<Json<TokensView>>, Problem> {
    let presented = body.valid()?.refresh_token;
    Ok(confidential(Json(accounts.refresh(guard.permit(), &presented).await?)))
}
