//! `POST /auth/email/resend`

use actix_web::web::Data;
use kernel::{
    guard::{Guarded, Public},
    http::{Body, Done},
    problem::Problem,
};

use super::{forgot_password::Address, mailed};
use crate::{Schema, dto::Mailed, service::Accounts};

/// Asks once more for what proves an e-mail address.
///
/// If the address has still to be proven, a code and a link are mailed to it: one mail a minute, five an hour, ten a day.
/// Whether it has is not told.
#[utoipa::path(post, path = "/auth/email/resend", tag = "auth", operation_id = "resend_email",
    request_body = Address, responses((status = 202, description = "There may be mail", body = Mailed)))]
pub async fn resend_email(
    guard: Guarded<Public<Schema>>,
    body: Body<Address>,
    accounts: Data<Accounts>,
) -> Result<Done<Mailed>, Problem> {
    accounts.resend_proof(guard.permit(), &body.valid()?.key()).await?;
    Ok(mailed("If this address has still to be proven, a mail says how."))
}
