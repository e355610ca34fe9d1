//! `POST /users/me/mfa/totp`

use actix_web::{
    CustomizeResponder,
    web::{Data, Json},
};
use kernel::{
    guard::Guarded,
    http::Body,
    problem::{Problem, ProblemDocument},
};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::confidential;
use crate::{actions::EnrolFactor, dto::TotpView, service::Accounts};

/// The password again.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Enrolment {
    /// The password.
    #[schema(value_type = String, format = Password)]
    password: SecretString,
}

/// Begins to enrol an app that makes codes (TOTP).
///
/// Answers a secret, once, to type in or to show as a QR code. Nothing is asked for until `…/confirm` got the first code; to begin
/// again makes another secret. 409 `mfa_enabled`.
#[utoipa::path(post, path = "/users/me/mfa/totp", tag = "auth", operation_id = "enrol_totp", request_body = Enrolment,
    responses((status = 200, description = "The secret", body = TotpView),
        (status = 429, description = "Too many wrong passwords; `Retry-After` says how long to wait.",
            body = ProblemDocument, content_type = "application/problem+json")))]
pub async fn enrol_totp(
    guard: Guarded<EnrolFactor>,
    body: Body<Enrolment>,
    accounts: Data<Accounts>,
) -> Result<CustomizeResponder<Json<TotpView>>, Problem> {
    let password = body.valid()?.password;
    Ok(confidential(Json(accounts.enrol(guard.permit(), &password).await?)))
}
