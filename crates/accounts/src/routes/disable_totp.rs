//! `DELETE /users/me/mfa/totp`

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, NoContent},
    problem::{Problem, ProblemDocument},
};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::one_proof;
use crate::{actions::DisableFactor, factor::Proof, service::Accounts};

/// Both factors again.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = has_one_proof))]
pub struct BothFactors {
    /// The password.
    #[schema(value_type = String, format = Password)]
    pub(super) password: SecretString,
    /// The six digits that the app shows. Either this or `recovery_code`.
    #[schema(value_type = Option<String>, examples("123456"))]
    pub(super) code: Option<SecretString>,
    /// One of the recovery codes. Either this or `code`.
    #[schema(value_type = Option<String>)]
    pub(super) recovery_code: Option<SecretString>,
}

fn has_one_proof(factors: &BothFactors) -> Result<(), ValidationError> {
    one_proof(factors.code.is_some(), factors.recovery_code.is_some())
}

/// Removes the second factor, with its recovery codes.
///
/// 409 `mfa_not_enabled`; 429 `too_many_codes` after many wrong codes.
#[utoipa::path(delete, path = "/users/me/mfa/totp", tag = "auth", operation_id = "disable_totp",
    request_body = BothFactors,
    responses((status = 204, description = "Removed"),
        (status = 412, description = "The account was changed since the version that If-Match names.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "Too many codes of this account were wrong.", body = ProblemDocument,
            content_type = "application/problem+json")))]
pub async fn disable_totp(
    guard: Guarded<DisableFactor>,
    body: Body<BothFactors>,
    accounts: Data<Accounts>,
) -> Result<NoContent, Problem> {
    let BothFactors { password, code, recovery_code } = body.valid()?;
    let proof = Proof::of(code, recovery_code).ok_or_else(Problem::not_found)?;
    accounts.disable(guard.permit(), &password, &proof).await?;
    Ok(NoContent)
}
