//! `POST /users/me/phone/verify`

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Done},
    problem::Problem,
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::{actions::profiles::VerifyPhone, profile_dto::PhoneView, service::Profiles};

/// The code that came.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PhoneCode {
    /// Six digits.
    #[validate(custom(function = is_code))]
    #[schema(pattern = "^[0-9]{6}$", examples("123456"))]
    code: String,
}

impl std::fmt::Debug for PhoneCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PhoneCode")
    }
}

fn is_code(text: &str) -> Result<(), ValidationError> {
    if text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(());
    }
    Err(ValidationError::new("code").with_message("It takes six digits.".into()))
}

/// Confirms one's phone number.
///
/// A wrong code is answered 422 with `tries_left`; 409 says that no code is good any more, or none was asked for.
#[utoipa::path(post, path = "/users/me/phone/verify", tag = "profiles", operation_id = "verify_phone",
    request_body = PhoneCode, responses((status = 200, description = "Confirmed", body = PhoneView)))]
pub async fn verify_phone(
    guard: Guarded<VerifyPhone>,
    body: Body<PhoneCode>,
    profiles: Data<Profiles>,
) -> Result<Done<PhoneView>, Problem> {
    let given = body.valid()?;
    Ok(profiles.verify_phone(guard.permit(), &given.code).await?)
}
