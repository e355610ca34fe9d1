//! `POST /users/me/phone`

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Done},
    problem::{Problem, ProblemDocument},
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    actions::profiles::RequestPhoneCode,
    profile_dto::PhoneView,
    rules::{check_phone, phone_key},
    service::Profiles,
};

/// A phone number to confirm.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PhoneToConfirm {
    /// The number with its country (E.164); spaces and the like in it are forgiven.
    #[validate(custom(function = check_phone))]
    #[schema(max_length = 32, examples("+41791234567"))]
    phone: String,
}

/// Sends a code to a phone number, and makes the number one's own, not confirmed.
///
/// Six digits that are good for 10 minutes and 5 tries. Another code may be asked for after a minute, and 5 within a day
/// of the first; the one before is not good any more then.
#[utoipa::path(post, path = "/users/me/phone", tag = "profiles", operation_id = "request_phone_code",
    request_body = PhoneToConfirm,
    responses((status = 202, description = "A code is on its way", body = PhoneView),
        (status = 429, description = "Too soon; `Retry-After` tells when.", body = ProblemDocument,
            content_type = "application/problem+json")))]
pub async fn request_phone_code(
    guard: Guarded<RequestPhoneCode>,
    body: Body<PhoneToConfirm>,
    profiles: Data<Profiles>,
) -> Result<Done<PhoneView>, Problem> {
    let phone = phone_key(&body.valid()?.phone).unwrap_or_default();
    Ok(profiles.request_code(guard.permit(), phone).await?)
}
