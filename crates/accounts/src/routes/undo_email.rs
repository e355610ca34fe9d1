//! `POST /auth/email/undo`

use actix_web::web::Data;
use kernel::{
    guard::{Guarded, Public},
    http::{Body, NoContent},
    problem::Problem,
};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::{Schema, proof::Presented, service::Accounts};

/// What the link carried that was mailed to the former address.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmailUndo {
    /// The token.
    #[schema(value_type = String)]
    token: SecretString,
}

/// Gives an account its former e-mail address back.
///
/// For a week after a change, whoever reads the mail of the former address can undo it. Somebody else may have made the
/// change, so all sessions end, the password is none any more, and a mail says how to choose another.
#[utoipa::path(post, path = "/auth/email/undo", tag = "auth", operation_id = "undo_email",
    request_body = EmailUndo, responses((status = 204, description = "Undone; there is mail")))]
pub async fn undo_email(
    guard: Guarded<Public<Schema>>,
    body: Body<EmailUndo>,
    accounts: Data<Accounts>,
) -> Result<NoContent, Problem> {
    let EmailUndo { token } = body.valid()?;
    accounts.undo_email(guard.permit(), &Presented::Token(token)).await?;
    Ok(NoContent)
}
