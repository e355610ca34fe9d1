//! `PUT /users/me/password`

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, NoContent},
    problem::{Problem, ProblemDocument},
};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::{actions, service::Accounts};

/// The password as it was and as it will be.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The current password.
    #[schema(value_type = String, format = Password)]
    current_password: SecretString,
    /// The next: 8 to 128 characters; not one that is guessed first, and not the e-mail address or username.
    #[schema(value_type = String, format = Password, min_length = 8, max_length = 128)]
    new_password: SecretString,
}

/// Changes one's own password.
///
/// Ends all sessions but the one in use.
#[utoipa::path(put, path = "/users/me/password", tag = "users", operation_id = "change_password",
    request_body = PasswordChange, responses((status = 204, description = "Changed"),
        (status = 429, description = "Too many wrong attempts; `Retry-After` says how long to wait.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 412, description = "It was changed since the version that If-Match names.", body = ProblemDocument,
            content_type = "application/problem+json")))]
pub async fn change_password(
    guard: Guarded<actions::ChangePassword>,
    body: Body<PasswordChange>,
    accounts: Data<Accounts>,
) -> Result<NoContent, Problem> {
    let change = body.valid()?;
    accounts.change_password(guard.permit(), &change.current_password, &change.new_password).await?;
    Ok(NoContent)
}
