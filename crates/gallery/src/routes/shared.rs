//! `GET /media`.

use actix_web::{HttpRequest, HttpResponse, web::Data};
use kernel::{
    guard::{Guarded, Public},
    problem::Problem,
};

use super::{
    bytes::{For, serve},
    content::PictureBytes,
};
use crate::{
    Schema,
    service::{Images, Shared},
};

/// Reads the picture that a link leads to; 404 once the link has ended, for whatever reason.
#[utoipa::path(
    get, path = "/media", tag = "images", operation_id = "read_shared_image",
    params(
        ("key" = String, Query, description = "What the link has: it is in the query, which no log keeps."),
        ("Accept" = Option<String>, Header, description = "Whether WebP is taken, as in `image/webp,*/*`."),
        ("Range" = Option<String>, Header, description = "One stretch of bytes, as in `bytes=0-1023`."),
    ),
    responses(
        (status = 200, description = "The picture.", body = PictureBytes, content_type = "image/*"),
        (status = 206, description = "The stretch that was asked for.", body = PictureBytes, content_type = "image/*"),
        (status = 304, description = "The client has it."),
        (status = 404, description = "The link has ended, or never was one."),
        (status = 416, description = "There is no such stretch; `Content-Range` tells the length."),
    ),
)]
pub async fn shared(
    guard: Guarded<Public<Schema>>,
    request: HttpRequest,
    images: Data<Images>,
) -> Result<HttpResponse, Problem> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(request.query_string()).unwrap_or_default();
    let key = pairs.iter().find(|(name, _)| name == "key").map_or("", |(_, key)| key);
    let Shared { image, asked } = images.follow(guard.permit(), key).await?;
    serve(&request, &images, &image, asked, For::Anyone).await
}
