//! `DELETE /profiles/{user_id}/avatar`

use actix_web::web::Data;
use kernel::{guard::Guarded, http::NoContent, ids::UserId, problem::Problem};

use crate::{actions::profiles::EditProfile, service::Profiles};

/// Removes an uploaded picture.
///
/// There being none is no error. An emoji stays; it is cleared with the profile's other fields.
#[utoipa::path(delete, path = "/profiles/{user_id}/avatar", tag = "profiles", operation_id = "clear_avatar",
    params(("user_id" = UserId, Path, description = "Whose.")),
    responses((status = 204, description = "Removed")))]
pub async fn clear_avatar(guard: Guarded<EditProfile>, profiles: Data<Profiles>) -> Result<NoContent, Problem> {
    Ok(profiles.clear_avatar(guard.permit()).await?)
}
