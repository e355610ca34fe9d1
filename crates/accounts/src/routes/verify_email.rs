//! `POST /auth/email/verify`

use actix_web::web::Data;
use kernel::{
    guard::{Guarded, Public},
    http::{Body, NoContent},
    problem::{Problem, ProblemDocument},
};

use super::check_password_code::MailedProof;
use crate::{Schema, service::Accounts};

/// Proves an e-mail address with what was mailed to it.
///
/// It proves the address of an account, makes the account that someone signed up for, or gives an account the address
/// that its owner asked for. Unknown, wrong, used and expired are answered alike.
#[utoipa::path(post, path = "/auth/email/verify", tag = "auth", operation_id = "verify_email",
    request_body = MailedProof, responses((status = 204, description = "It is proven"),
        (status = 429, description = "Too many wrong codes; `Retry-After` says how long to wait.",
            body = ProblemDocument, content_type = "application/problem+json")))]
pub async fn verify_email(
    guard: Guarded<Public<Schema>>,
    body: Body<MailedProof>,
    accounts: Data<Accounts>,
) -> Result<NoContent, Problem> {
    let presented = body.valid()?.presented()?;
    accounts.verify_email(guard.permit(), &presented).await?;
    Ok(NoContent)
}
