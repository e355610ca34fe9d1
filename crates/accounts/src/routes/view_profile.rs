//! `GET /profiles/{user_id}`

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Tagged, ids::UserId, problem::Problem};

use crate::{actions::profiles::ViewProfile, profile_dto::ProfileView, service::Profiles};

/// A profile.
///
/// One's own, or that of someone with whom one shares a workspace, if one's role lets one see it. Phone number and
/// national identity number are shown to their owner and to those who may edit everyone's profile there.
#[utoipa::path(get, path = "/profiles/{user_id}", tag = "profiles", operation_id = "view_profile",
    params(("user_id" = UserId, Path, description = "Whose.")),
    responses((status = 200, description = "The profile", body = ProfileView)))]
pub async fn view_profile(
    guard: Guarded<ViewProfile>,
    profiles: Data<Profiles>,
) -> Result<Tagged<ProfileView>, Problem> {
    Ok(profiles.view(guard.permit()))
}
