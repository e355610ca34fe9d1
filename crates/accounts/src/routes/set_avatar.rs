//! `PUT /profiles/{user_id}/avatar`

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Tagged, ids::UserId, problem::Problem};
use utoipa::ToSchema;

use super::avatar_upload::AvatarUpload;
use crate::{actions::profiles::EditProfile, profile_dto::ProfileView, service::Profiles};

/// The form of an upload, for the documentation.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct NewAvatar {
    /// A JPEG, PNG, WebP or GIF. What it is is told by its bytes.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Uploads a picture as avatar.
///
/// As the body itself, or as part `file` of a form; at most 5 MiB and 4096 pixels a side. It is turned the right way up,
/// its middle is cut out as a square of 256 pixels, and nothing of its metadata is kept. It takes the place of an emoji.
#[utoipa::path(put, path = "/profiles/{user_id}/avatar", tag = "profiles", operation_id = "set_avatar",
    params(("user_id" = UserId, Path, description = "Whose.")),
    request_body(content = NewAvatar, content_type = "multipart/form-data"),
    responses((status = 200, description = "The profile as it is now", body = ProfileView)))]
pub async fn set_avatar(
    guard: Guarded<EditProfile>,
    upload: AvatarUpload,
    profiles: Data<Profiles>,
) -> Result<Tagged<ProfileView>, Problem> {
    let bytes = upload.receive().await?;
    Ok(profiles.set_avatar(guard.permit(), bytes).await?)
}
