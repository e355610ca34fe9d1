//! `PATCH /profiles/{user_id}`

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Tagged},
    ids::UserId,
    problem::Problem,
};

use crate::{
    actions::profiles::EditProfile,
    profile_dto::{ProfilePatch, ProfileView},
    service::Profiles,
};

/// Changes a profile: one's own, or that of an account that was made through a workspace by whose role one may.
#[utoipa::path(patch, path = "/profiles/{user_id}", tag = "profiles", operation_id = "edit_profile",
    params(("user_id" = UserId, Path, description = "Whose.")), request_body = ProfilePatch,
    responses((status = 200, description = "The profile as it is now", body = ProfileView)))]
pub async fn edit_profile(
    guard: Guarded<EditProfile>,
    body: Body<ProfilePatch>,
    profiles: Data<Profiles>,
) -> Result<Tagged<ProfileView>, Problem> {
    let patch = body.valid()?;
    Ok(profiles.edit(guard.permit(), patch).await?)
}
