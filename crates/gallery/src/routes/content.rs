//! `GET /images/{id}/content`.

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    body::SizedStream,
    http::{StatusCode, header},
    web::Data,
};
use kernel::{
    guard::{Guarded, Permit},
    ids::ImageId,
    problem::Problem,
};
use utoipa::ToSchema;

use super::range::{Wanted, wanted};
use crate::{
    actions::ViewImage,
    permissions::EDIT_IMAGES,
    service::{Content, Images},
    storage::{Outgoing, Variant},
};

/// The bytes of a picture.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct PictureBytes(Vec<u8>);

/// Reads the bytes of an image.
///
/// Without a variant it is the picture as people look at it: the right way up, without metadata. `thumbnail` is the same
/// at most 320 pixels wide and high. `original` is the file as it was uploaded, for those who may edit the image.
#[utoipa::path(
    get, path = "/images/{id}/content", tag = "images", operation_id = "read_image_content",
    params(
        ("id" = ImageId, Path, description = "The image."),
        ("variant" = Option<String>, Query, description = "`thumbnail` or `original`."),
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
    let variant = permitted_variant(permit, request.query_string())?;
    let content = Content::new(permit.target(), variant);
    let etag = content.etag();
    if told(&request, header::IF_NONE_MATCH).is_some_and(|tags| names(tags, &etag)) {
        return Ok(answer(StatusCode::NOT_MODIFIED, &etag).finish());
    }
    // A client that has another version's part gets the whole (RFC 9110 section 13.1.5).
    let is_same = told(&request, header::IF_RANGE).is_none_or(|tag| tag == etag);
    let range = match wanted(told(&request, header::RANGE).filter(|_| is_same), content.length()) {
        Wanted::Whole => None,
        Wanted::Part(range) => Some(range),
        Wanted::Unsatisfiable => return Err(unsatisfiable(content.length())),
    };
    let is_part = range.is_some();
    let outgoing = images.open(permit, variant, range).await?;
    Ok(send(outgoing, is_part, &etag, content.media_type()))
}

/// The variant that is asked for; 403 for the original unless the caller may edit the image.
fn permitted_variant(permit: &Permit<ViewImage>, query: &str) -> Result<Variant, Problem> {
    let variant = variant(query)?;
    if variant == Variant::Original {
        permit.require(&EDIT_IMAGES)?;
    }
    Ok(variant)
}

fn variant(query: &str) -> Result<Variant, Problem> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query)
        .map_err(|_| Problem::bad_request("malformed_query", "The query is not URL-encoded UTF-8."))?;
    let mut variant = Variant::Display;
    for (name, value) in pairs {
        variant = match (name.as_str(), value.as_str()) {
            ("variant", "thumbnail") => Variant::Thumbnail,
            ("variant", "original") => Variant::Original,
            ("variant", _) => {
                return Err(Problem::invalid_field("?variant", "invalid_value", "It takes thumbnail or original."));
            }
            _ => {
                let detail = "There is no such parameter here.";
                return Err(Problem::invalid_field(format!("?{name}"), "unknown_parameter", detail));
            }
        };
    }
    Ok(variant)
}

fn told(request: &HttpRequest, name: header::HeaderName) -> Option<&str> {
    request.headers().get(name)?.to_str().ok()
}

fn names(tags: &str, etag: &str) -> bool {
    tags == "*" || tags.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag)
}

/// What every answer says. `no-cache`: the client may keep it and must ask each time, so that what was withdrawn is gone
/// with the next request. The last three keep a browser from taking a picture for anything else.
fn answer(status: StatusCode, etag: &str) -> HttpResponseBuilder {
    let mut answer = HttpResponse::build(status);
    answer
        .insert_header((header::ETAG, etag))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CONTENT_DISPOSITION, "inline"))
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"));
    answer
}

fn send(outgoing: Outgoing, is_part: bool, etag: &str, media_type: &str) -> HttpResponse {
    let Outgoing { range, size, stream } = outgoing;
    let mut response = answer(if is_part { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK }, etag);
    response.content_type(media_type);
    if is_part {
        let last = range.end.saturating_sub(1);
        response.insert_header((header::CONTENT_RANGE, format!("bytes {}-{last}/{size}", range.start)));
    }
    response.body(SizedStream::new(range.end - range.start, stream))
}

fn unsatisfiable(length: u64) -> Problem {
    let detail = format!("The image has {length} bytes, and none where the range asks for.");
    Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, "range_not_satisfiable", detail)
        .with_header(header::CONTENT_RANGE.as_str(), format!("bytes */{length}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variant_is_one_of_three() {
        assert_eq!(variant("").unwrap(), Variant::Display);
        assert_eq!(variant("variant=thumbnail").unwrap(), Variant::Thumbnail);
        assert_eq!(variant("variant=original").unwrap(), Variant::Original);
        for wrong in ["variant=", "variant=display", "variants=thumbnail"] {
            assert_eq!(variant(wrong).unwrap_err().status(), 422, "{wrong}");
        }
    }

    #[test]
    fn an_entity_tag_is_found_among_several() {
        assert!(names("\"a\", W/\"b\"", "\"b\"") && names("*", "\"b\""));
        assert!(!names("\"a\"", "\"b\""));
    }
}
