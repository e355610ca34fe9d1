//! `POST /users/me/mfa/recovery-codes`

use actix_web::{
    CustomizeResponder,
    web::{Data, Json},
};
use kernel::{
    guard::Guarded,
    http::Body,
    problem::{Problem, ProblemDocument},
};

use super::{confidential, disable_totp::BothFactors};
use crate::{actions::RenewRecoveryCodes, dto::RecoveryCodesView, factor::Proof, service::Accounts};

/// Makes ten new recovery codes; all former ones are void.
///
/// 409 `mfa_not_enabled`; 429 `too_many_codes` after many wrong codes.
#[utoipa::path(post, path = "/users/me/mfa/recovery-codes", tag = "auth", operation_id = "renew_recovery_codes",
    request_body = BothFactors,
    responses((status = 200, description = "The recovery codes, shown once", body = RecoveryCodesView),
        (status = 412, description = "The account was changed since the version that If-Match names.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "Too many codes of this account were wrong.", body = ProblemDocument,
            content_type = "application/problem+json")))]
pub async fn renew_recovery_codes(
    guard: Guarded<RenewRecoveryCodes>,
    body: Body<BothFactors>,
    accounts: Data<Accounts>,
) -> Result<CustomizeResponder<Json<RecoveryCodesView>>, Problem> {
    let BothFactors { password, code, recovery_code } = body.valid()?;
    let proof = Proof::of(code, recovery_code).ok_or_else(Problem::not_found)?;
    Ok(confidential(Json(accounts.renew_codes(guard.permit(), &password, &proof).await?)))
}
