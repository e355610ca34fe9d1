//! `GET /users/me/onboarding`

use actix_web::http::StatusCode;
use kernel::{guard::Guarded, http::Done, problem::Problem};

use crate::{actions::profiles::ViewOnboarding, profile_dto::OnboardingView, service::Profiles};

/// What is missing until one is known well enough.
///
/// A profile is complete with first and last name, username, bio, description and national identity number; besides it
/// takes a phone number that was confirmed. Roles that promote their holders do it when nothing is missing.
#[utoipa::path(get, path = "/users/me/onboarding", tag = "profiles", operation_id = "view_onboarding",
    responses((status = 200, description = "What is missing", body = OnboardingView)))]
pub async fn view_onboarding(guard: Guarded<ViewOnboarding>) -> Result<Done<OnboardingView>, Problem> {
    Ok(Done { status: StatusCode::OK, view: Profiles::onboarding(guard.permit()) })
}
