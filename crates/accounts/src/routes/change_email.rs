//! `PUT /users/me/email`

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Done},
    problem::{Problem, ProblemDocument},
};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::mailed;
use crate::{actions, dto::Mailed, rules::check_email, service::Accounts};

/// The next address.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmailChange {
    /// The e-mail address; unique whatever its case.
    #[validate(custom(function = check_email))]
    #[schema(format = "email", max_length = 254, examples("ada@example.com"))]
    email: String,
    /// One's password.
    #[schema(value_type = String, format = Password)]
    password: SecretString,
}

/// Asks for another e-mail address.
///
/// A code and a link are mailed to it; the change is made when one of them comes back to `/auth/email/verify`. The former
/// address is told then, and can undo it for a week. Sessions stay.
#[utoipa::path(put, path = "/users/me/email", tag = "users", operation_id = "change_email",
    request_body = EmailChange, responses((status = 202, description = "There is mail", body = Mailed),
        (status = 412, description = "It was changed since the version that If-Match names.", body = ProblemDocument,
            content_type = "application/problem+json"),
        (status = 429, description = "There was such a mail a moment ago, or many today.", body = ProblemDocument,
            content_type = "application/problem+json")))]
pub async fn change_email(
    guard: Guarded<actions::ChangeEmail>,
    body: Body<EmailChange>,
    accounts: Data<Accounts>,
) -> Result<Done<Mailed>, Problem> {
    let EmailChange { email, password } = body.valid()?;
    accounts.ask_for_email(guard.permit(), &email, &password).await?;
    Ok(mailed("A mail to this address says how to make it yours."))
}
