//! `GET /profiles/{user_id}/avatar`

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::Data,
};
use kernel::{guard::Guarded, http::client_has, ids::UserId, problem::Problem};
use utoipa::ToSchema;

use crate::{
    actions::profiles::ViewAvatar,
    service::{Profiles, avatar_tag},
};

/// The bytes of an avatar.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct AvatarBytes(Vec<u8>);

/// The uploaded picture of someone with whom one shares a workspace, or one's own.
#[utoipa::path(get, path = "/profiles/{user_id}/avatar", tag = "profiles", operation_id = "view_avatar",
    params(("user_id" = UserId, Path, description = "Whose.")),
    responses((status = 200, description = "The picture, 256 by 256 pixels.", body = AvatarBytes, content_type = "image/*"),
        (status = 304, description = "The client has it.")))]
pub async fn view_avatar(
    guard: Guarded<ViewAvatar>,
    request: HttpRequest,
    profiles: Data<Profiles>,
) -> Result<HttpResponse, Problem> {
    let permit = guard.permit();
    let etag = avatar_tag(&permit.target().0).ok_or_else(Problem::not_found)?;
    // `no-cache`: the client may keep it and must ask each time. The last two keep a browser from taking a picture for
    // anything else.
    let answer = |status| {
        let mut answer = HttpResponse::build(status);
        answer
            .insert_header((header::ETAG, etag.as_str()))
            .insert_header((header::CACHE_CONTROL, "private, no-cache"))
            .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"));
        answer
    };
    if client_has(&request, &etag) {
        return Ok(answer(StatusCode::NOT_MODIFIED).finish());
    }
    let picture = profiles.avatar(permit).await?;
    Ok(answer(StatusCode::OK).content_type(picture.media_type).body(picture.bytes))
}
