//! `GET /images/{id}/content`.

use actix_web::{HttpRequest, HttpResponse, web::Data};
use kernel::{
    guard::{Guarded, Permit},
    ids::ImageId,
    problem::Problem,
};
use utoipa::ToSchema;

use super::bytes::{For, serve};
use crate::{
    actions::ViewImage,
    permissions::EDIT_IMAGES,
    service::{Asked, Images},
    storage::Variant,
};

/// The bytes of a picture.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct PictureBytes(Vec<u8>);

/// Reads the bytes of an image.
///
/// Without a variant it is the picture as people look at it: the right way up, without metadata. `320` and `1280` are the
/// same at most so many pixels wide and high, as WebP for a client whose `Accept` names `image/webp`, else as JPEG or,
/// where something shines through, as PNG; of an animation they are the first picture. `thumbnail` is `320` that never is
/// WebP. `original` is the file as it was uploaded, for those who may edit the image.
///
/// Where the operator lets the web server in front send pictures, the answer is empty and names the place for it.
#[utoipa::path(
    get, path = "/images/{id}/content", tag = "images", operation_id = "read_image_content",
    params(
        ("id" = ImageId, Path, description = "The image."),
        ("variant" = Option<String>, Query, description = "`320`, `1280`, `thumbnail` or `original`."),
        ("Accept" = Option<String>, Header, description = "Whether WebP is taken, as in `image/webp,*/*`."),
        ("Range" = Option<String>, Header, description = "One stretch of bytes, as in `bytes=0-1023`."),
    ),
    responses(
        (status = 200, description = "The picture.", body = PictureBytes, content_type = "image/*"),
        (status = 206, description = "The stretch that was asked for.", body = PictureBytes, content_type = "image/*"),
        (status = 304, description = "The client has it."),
        (status = 416, description = "There is no such stretch; `Content-Range` tells the length."),
    ),
)]
pub async fn content(
    guard: Guarded<ViewImage>,
    request: HttpRequest,
    images: Data<Images>,
) -> Result<HttpResponse, Problem> {
    let permit = guard.permit();
    let asked = permitted(permit, request.query_string())?;
    serve(&request, &images, permit.target(), asked, For::Members).await
}

/// What is asked for; 403 for the original unless the caller may edit the image.
fn permitted(permit: &Permit<ViewImage>, query: &str) -> Result<Asked, Problem> {
    let asked = asked(query)?;
    if asked == Asked::One(Variant::Original) {
        permit.require(&EDIT_IMAGES)?;
    }
    Ok(asked)
}

fn asked(query: &str) -> Result<Asked, Problem> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query)
        .map_err(|_| Problem::bad_request("malformed_query", "The query is not URL-encoded UTF-8."))?;
    let mut asked = Asked::One(Variant::Display);
    for (name, value) in pairs {
        asked = match (name.as_str(), value.as_str()) {
            ("variant", "thumbnail") => Asked::One(Variant::Thumbnail),
            ("variant", "original") => Asked::One(Variant::Original),
            ("variant", "320") => Asked::Small,
            ("variant", "1280") => Asked::Large,
            ("variant", _) => {
                let detail = "It takes 320, 1280, thumbnail or original.";
                return Err(Problem::invalid_field("?variant", "invalid_value", detail));
            }
            _ => {
                let detail = "There is no such parameter here.";
                return Err(Problem::invalid_field(format!("?{name}"), "unknown_parameter", detail));
            }
        };
    }
    Ok(asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variant_is_one_of_five() {
        for (query, meant) in [
            ("", Asked::One(Variant::Display)),
            ("variant=thumbnail", Asked::One(Variant::Thumbnail)),
            ("variant=original", Asked::One(Variant::Original)),
            ("variant=320", Asked::Small),
            ("variant=1280", Asked::Large),
        ] {
            assert_eq!(asked(query).unwrap(), meant);
        }
        for wrong in ["variant=", "variant=display", "variants=thumbnail", "variant=640", "variant=small-webp"] {
            assert_eq!(asked(wrong).unwrap_err().status(), 422, "{wrong}");
        }
    }
}
