//! `POST /users/me/mfa/totp/confirm`

use actix_web::{
    CustomizeResponder,
    web::{Data, Json},
};
use kernel::{guard::Guarded, http::Body, problem::Problem};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::confidential;
use crate::{actions::ConfirmFactor, dto::RecoveryCodesView, service::Accounts};

/// The first code.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// The six digits that the app shows.
    #[schema(value_type = String, examples("123456"))]
    code: SecretString,
}

/// Enables the second factor.
///
/// From now on signing in takes a code. Answers ten recovery codes, once. 409 `mfa_not_begun`, `mfa_enabled`.
#[utoipa::path(post, path = "/users/me/mfa/totp/confirm", tag = "auth", operation_id = "confirm_totp",
    request_body = Confirmation,
    responses((status = 200, description = "The recovery codes", body = RecoveryCodesView)))]
pub async fn confirm_totp(
    guard: Guarded<ConfirmFactor>,
    body: Body<Confirmation>,
    accounts: Data<Accounts>,
) -> Result<CustomizeResponder<Json<RecoveryCodesView>>, Problem> {
    let code = body.valid()?.code;
    Ok(confidential(Json(accounts.confirm(guard.permit(), &code).await?)))
}
