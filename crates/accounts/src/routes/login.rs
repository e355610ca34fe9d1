//! `POST /auth/login`

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
use validator::{Validate, ValidationError};

use super::confidential;
use crate::{
    Schema,
    dto::SignInAnswer,
    rules::{email_key, username_key},
    service::{Accounts, Entry, Login},
    store::users::LoginName,
};

/// Who signs in: by e-mail address or by username.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = has_one_name))]
pub struct Credentials {
    /// The e-mail address, in whatever case. Either this or `username`.
    #[schema(examples("ada@example.com"))]
    email: Option<String>,
    /// The username, in whatever case. Either this or `email`.
    username: Option<String>,
    /// The password.
    #[schema(value_type = String, format = Password)]
    password: SecretString,
    /// What an earlier sign-in on this device gave as `device_token`. One that isn't good, or no longer, does no harm.
    #[schema(value_type = Option<String>)]
    device_token: Option<SecretString>,
}

fn has_one_name(credentials: &Credentials) -> Result<(), ValidationError> {
    if credentials.email.is_some() != credentials.username.is_some() {
        return Ok(());
    }
    let sentence = "It takes exactly one of `email` and `username`.";
    Err(ValidationError::new("email_or_username").with_message(sentence.into()))
}

impl From<Credentials> for Login {
    fn from(credentials: Credentials) -> Self {
        let name = match (credentials.email, credentials.username) {
            (Some(email), _) => LoginName::Email(email_key(&email)),
            (None, username) => LoginName::Username(username_key(&username.unwrap_or_default())),
        };
        Self { name, password: credentials.password, device: credentials.device_token }
    }
}

/// Signs in.
///
/// Begins a session; or, where the account has a second factor, asks for it: `mfa_token` goes with the code to `/auth/mfa`.
/// An unknown name, a wrong password and a disabled account are answered alike, in the same time.
/// After some wrong passwords the next has to wait, longer each time. Strangers who guess don't keep out who signs in
/// with the `device_token` of an earlier sign-in, or from a network from which they lately did.
#[utoipa::path(post, path = "/auth/login", tag = "auth", operation_id = "login", request_body = Credentials,
    responses((status = 200, description = "A pair of tokens, or the question for the second factor", body = SignInAnswer),
        (status = 429, description = "Too many wrong attempts; `Retry-After` says how long to wait.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 401, description = "Name and password don't belong together; why is not told.", body = ProblemDocument,
            content_type = "application/problem+json"),
        (status = 403, description = "Right, but the e-mail address has to be proven first.", body = ProblemDocument,
            content_type = "application/problem+json")))]
pub async fn login(
    guard: Guarded<Public<Schema>>,
    body: Body<Credentials>,
    accounts: Data<Accounts>,
) -> Result<CustomizeResponder<Json<SignInAnswer>>, Problem> {
    let credentials = body.valid()?;
    Ok(confidential(Json(match accounts.log_in(guard.permit(), credentials.into()).await? {
        Entry::In(tokens) => SignInAnswer::Tokens(tokens),
        Entry::Asked(challenge) => SignInAnswer::Challenge(challenge),
    })))
}
