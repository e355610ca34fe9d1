//! What is in an album: `/albums/{id}/images`.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};
use kernel::{
    guard::Guarded,
    http::{Body, Done, NoContent, Tagged},
    ids::ImageId,
    problem::Problem,
};

use crate::{
    actions::EditAlbum,
    dto::{AlbumImages, AlbumPlace, AlbumView, BulkResult},
    ids::AlbumId,
    service::Images,
};

/// `{image_id}` of the path; what is no id names nothing: 404.
#[derive(Clone, Copy, Debug)]
pub struct ImagePath(ImageId);

impl FromRequest for ImagePath {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let text = request.match_info().get("image_id").unwrap_or_default();
        ready(text.parse().map(Self).map_err(|_| Problem::not_found()))
    }
}

/// Puts up to 500 images at the end of an album, in the order given. Each is answered for by itself: 201, or 200 if it was
/// in before; 404 if the caller may not look at it, 409 `photo_of_workshop`, or `album_full` beyond 1,000.
#[utoipa::path(
    post, path = "/albums/{id}/images", tag = "albums", operation_id = "fill_album",
    params(("id" = AlbumId, Path, description = "The album.")),
    request_body = AlbumImages,
    responses((status = 200, description = "What came of each.", body = BulkResult)),
)]
pub async fn fill_album(
    guard: Guarded<EditAlbum>,
    body: Body<AlbumImages>,
    images: Data<Images>,
) -> Result<Done<BulkResult>, Problem> {
    Ok(images.fill_album(guard.permit(), body.valid()?.image_ids).await?)
}

/// Takes up to 500 images out of an album. Each is answered for by itself: 204, or 404 if it isn't one of the album's that
/// the caller may see.
#[utoipa::path(
    delete, path = "/albums/{id}/images", tag = "albums", operation_id = "clear_album",
    params(("id" = AlbumId, Path, description = "The album.")),
    request_body = AlbumImages,
    responses((status = 200, description = "What came of each.", body = BulkResult)),
)]
pub async fn clear_album(
    guard: Guarded<EditAlbum>,
    body: Body<AlbumImages>,
    images: Data<Images>,
) -> Result<Done<BulkResult>, Problem> {
    Ok(images.clear_album(guard.permit(), body.valid()?.image_ids).await?)
}

/// Takes an image out of an album.
#[utoipa::path(
    delete, path = "/albums/{id}/images/{image_id}", tag = "albums", operation_id = "take_out_of_album",
    params(
        ("id" = AlbumId, Path, description = "The album."),
        ("image_id" = ImageId, Path, description = "An image of it."),
    ),
    responses((status = 204, description = "It is in the album no more.")),
)]
pub async fn take_out_of_album(
    guard: Guarded<EditAlbum>,
    image: ImagePath,
    images: Data<Images>,
) -> Result<NoContent, Problem> {
    Ok(images.take_out_of_album(guard.permit(), image.0).await?)
}

/// Gives an image of an album another place: behind another of its images, or the first.
#[utoipa::path(
    put, path = "/albums/{id}/images/{image_id}", tag = "albums", operation_id = "arrange_album",
    params(
        ("id" = AlbumId, Path, description = "The album."),
        ("image_id" = ImageId, Path, description = "An image of it."),
    ),
    request_body = AlbumPlace,
    responses((status = 200, description = "The album as it is now.", body = AlbumView)),
)]
pub async fn arrange_album(
    guard: Guarded<EditAlbum>,
    image: ImagePath,
    body: Body<AlbumPlace>,
    images: Data<Images>,
) -> Result<Tagged<AlbumView>, Problem> {
    Ok(images.arrange_album(guard.permit(), (image.0, body.valid()?)).await?)
}
