//! `POST /auth/mfa`

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

use super::{confidential, one_proof};
use crate::{Schema, dto::TokensView, factor::Proof, service::Accounts};

/// The second half of signing in.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = has_one_proof))]
pub struct ChallengeAnswer {
    /// What signing in with the password gave.
    #[schema(value_type = String, format = Password)]
    mfa_token: SecretString,
    /// The six digits that the app shows. Either this or `recovery_code`.
    #[schema(value_type = Option<String>, examples("123456"))]
    code: Option<SecretString>,
    /// One of the recovery codes; it is good once. Either this or `code`.
    #[schema(value_type = Option<String>)]
    recovery_code: Option<SecretString>,
}

fn has_one_proof(answer: &ChallengeAnswer) -> Result<(), ValidationError> {
    one_proof(answer.code.is_some(), answer.recovery_code.is_some())
}

/// Answers the question for the second factor.
///
/// Begins the session. Five codes may be tried; then, and after five minutes, signing in begins again with the password.
/// A code is good once. 401 `invalid_code`, `invalid_mfa_token`; 429 `too_many_codes` after many wrong codes of one account.
#[utoipa::path(post, path = "/auth/mfa", tag = "auth", operation_id = "answer_mfa", request_body = ChallengeAnswer,
    responses((status = 200, description = "A pair of tokens", body = TokensView),
        (status = 401, description = "The code is wrong or used, or this sign-in is over.", body = ProblemDocument,
            content_type = "application/problem+json"),
        (status = 429, description = "Too many codes of this account were wrong.", body = ProblemDocument,
            content_type = "application/problem+json")))]
pub async fn answer_challenge(
    guard: Guarded<Public<Schema>>,
    body: Body<ChallengeAnswer>,
    accounts: Data<Accounts>,
) -> Result<CustomizeResponder<Json<TokensView>>, Problem> {
    let ChallengeAnswer { mfa_token, code, recovery_code } = body.valid()?;
    let proof = Proof::of(code, recovery_code).ok_or_else(Problem::not_found)?;
    Ok(confidential(Json(accounts.answer_challenge(guard.permit(), &mfa_token, &proof).await?)))
}
