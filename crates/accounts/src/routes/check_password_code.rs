//! `POST /auth/password/check`

use actix_web::web::{Data, Json};
use chrono::{DateTime, Utc};
use kernel::{
    guard::{Guarded, Public},
    http::Body,
    problem::{Problem, ProblemDocument},
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::{Schema, proof::Presented, service::Accounts};

/// What was mailed: the code with the address that it was mailed to, or what the link carried.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MailedProof {
    /// The e-mail address, with `code`.
    email: Option<String>,
    /// Six digits.
    #[schema(value_type = Option<String>, examples("123456"))]
    code: Option<SecretString>,
    /// What the link carried, alone.
    #[schema(value_type = Option<String>)]
    token: Option<SecretString>,
}

impl MailedProof {
    pub(super) fn presented(self) -> Result<Presented, Problem> {
        Presented::of(self.email, self.code, self.token)
    }
}

/// Something that is still good.
#[derive(Debug, Serialize, ToSchema)]
pub struct StillGood {
    /// Until when.
    expires_at: DateTime<Utc>,
}

/// Looks whether a code or link is good, before a new password is asked for.
///
/// A right one stays good; a wrong code costs one of five tries. Unknown, wrong, used and expired are answered alike.
#[utoipa::path(post, path = "/auth/password/check", tag = "auth", operation_id = "check_password_code",
    request_body = MailedProof, responses((status = 200, description = "It is good", body = StillGood),
        (status = 429, description = "Too many wrong codes; `Retry-After` says how long to wait.",
            body = ProblemDocument, content_type = "application/problem+json")))]
pub async fn check_password_code(
    guard: Guarded<Public<Schema>>,
    body: Body<MailedProof>,
    accounts: Data<Accounts>,
) -> Result<Json<StillGood>, Problem> {
    let presented = body.valid()?.presented()?;
    Ok(Json(StillGood { expires_at: accounts.check_reset(guard.permit(), &presented).await? }))
}
