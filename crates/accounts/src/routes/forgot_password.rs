//! `POST /auth/password/forgot`

use actix_web::web::Data;
use kernel::{
    guard::{Guarded, Public},
    http::{Body, Done},
    problem::Problem,
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::mailed;
use crate::{
    Schema,
    dto::Mailed,
    rules::{check_email, email_key},
    service::Accounts,
};

/// To which address a mail is wanted.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// The e-mail address, in whatever case.
    #[validate(custom(function = check_email))]
    #[schema(format = "email", max_length = 254, examples("ada@example.com"))]
    email: String,
}

impl Address {
    /// The address as it is looked up.
    pub(super) fn key(&self) -> String {
        email_key(&self.email)
    }
}

/// Asks for a new password.
///
/// If an account has the address, a code and a link are mailed to it: good once, for 15 minutes, and the code for five
/// tries. There is one mail a minute, five an hour and ten a day; what was mailed before stays good. Whether there is such
/// an account is not told.
#[utoipa::path(post, path = "/auth/password/forgot", tag = "auth", operation_id = "forgot_password",
    request_body = Address, responses((status = 202, description = "There may be mail", body = Mailed)))]
pub async fn forgot_password(
    guard: Guarded<Public<Schema>>,
    body: Body<Address>,
    accounts: Data<Accounts>,
) -> Result<Done<Mailed>, Problem> {
    accounts.forgot_password(guard.permit(), &body.valid()?.key()).await?;
    Ok(mailed("If an account has this address, a mail says how to choose a new password."))
}
