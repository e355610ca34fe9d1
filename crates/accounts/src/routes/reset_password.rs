//! `POST /auth/password/reset`

use actix_web::web::Data;
use kernel::{
    guard::{Guarded, Public},
    http::{Body, NoContent},
    problem::{Problem, ProblemDocument},
};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::{Schema, proof::Presented, service::Accounts};

/// What was mailed, and the password to be.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordReset {
    /// The e-mail address, with `code`.
    email: Option<String>,
    /// Six digits.
    #[schema(value_type = Option<String>, examples("123456"))]
    code: Option<SecretString>,
    /// What the link carried, alone.
    #[schema(value_type = Option<String>)]
    token: Option<SecretString>,
    /// The next password: 8 to 128 characters; not one that is guessed first, and not the e-mail address or username.
    #[schema(value_type = String, format = Password, min_length = 8, max_length = 128)]
    password: SecretString,
}

/// Chooses a new password with what was mailed.
///
/// Ends all sessions of the account. The owner is told by mail.
#[utoipa::path(post, path = "/auth/password/reset", tag = "auth", operation_id = "reset_password",
    request_body = PasswordReset, responses((status = 204, description = "Done; sign in with it"),
        (status = 429, description = "Too many wrong codes; `Retry-After` says how long to wait.",
            body = ProblemDocument, content_type = "application/problem+json")))]
pub async fn reset_password(
    guard: Guarded<Public<Schema>>,
    body: Body<PasswordReset>,
    accounts: Data<Accounts>,
) -> Result<NoContent, Problem> {
    let PasswordReset { email, code, token, password } = body.valid()?;
    let presented = Presented::of(email, code, token)?;
    accounts.reset_password(guard.permit(), &presented, &password).await?;
    Ok(NoContent)
}
