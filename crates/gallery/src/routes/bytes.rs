//! Sending the bytes of a rendition: whole or a stretch, to who may see it; caching; and nothing that a browser could
//! take for anything but a picture.

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    body::SizedStream,
    http::{StatusCode, header},
};
use kernel::{http::client_has, problem::Problem};

use super::range::{Wanted, wanted};
use crate::{
    actions::ImageRow,
    service::{Asked, Content, Images},
    storage::{Outgoing, Variant},
};

/// The header in which nginx is told what to send.
const HAND_OVER: header::HeaderName = header::HeaderName::from_static("x-accel-redirect");

/// Whom an answer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum For {
    /// Who signed in here.
    Members,
    /// Whoever has the link, on whatever page they show it.
    Anyone,
}

impl For {
    /// Which sites may show the picture (Fetch Standard, `Cross-Origin-Resource-Policy`).
    fn sites(self) -> &'static str {
        match self {
            Self::Members => "same-site",
            Self::Anyone => "cross-origin",
        }
    }
}

/// What every answer about a rendition says.
struct Cover<'a> {
    content: &'a Content<'a>,
    etag: String,
    is_negotiated: bool,
    readers: For,
}

impl Cover<'_> {
    /// `no-cache`: the client may keep it and must ask each time, so that what was withdrawn is gone with the next
    /// request. The last four keep a browser from taking a picture for anything else, and other sites from it.
    fn answer(&self, status: StatusCode) -> HttpResponseBuilder {
        let disposition = if self.content.variant() == Variant::Original { "attachment" } else { "inline" };
        let mut answer = HttpResponse::build(status);
        answer
            .insert_header((header::ETAG, self.etag.as_str()))
            .insert_header((header::CACHE_CONTROL, "private, no-cache"))
            .insert_header((header::ACCEPT_RANGES, "bytes"))
            .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .insert_header((header::CONTENT_DISPOSITION, disposition))
            .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
            .insert_header(("Cross-Origin-Resource-Policy", self.readers.sites()));
        if self.is_negotiated {
            answer.insert_header((header::VARY, "Accept"));
        }
        answer
    }

    fn send(&self, outgoing: Outgoing, is_part: bool) -> HttpResponse {
        let Outgoing { range, size, stream } = outgoing;
        let mut response = self.answer(if is_part { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK });
        response.content_type(self.content.media_type());
        if is_part {
            let last = range.end.saturating_sub(1);
            response.insert_header((header::CONTENT_RANGE, format!("bytes {}-{last}/{size}", range.start)));
        }
        response.body(SizedStream::new(range.end - range.start, stream))
    }
}

/// Answers a request for what `asked` is of an image that the caller may see.
pub(super) async fn serve(
    request: &HttpRequest,
    images: &Images,
    image: &ImageRow,
    asked: Asked,
    readers: For,
) -> Result<HttpResponse, Problem> {
    let takes_webp = request.headers().get_all(header::ACCEPT).any(|accept| accept.to_str().is_ok_and(names_webp));
    let content = Content::of(image, asked, takes_webp);
    let cover = Cover { content: &content, etag: content.etag(), is_negotiated: asked.is_negotiated(), readers };
    if client_has(request, &cover.etag) {
        return Ok(cover.answer(StatusCode::NOT_MODIFIED).finish());
    }
    if let Some(place) = images.handed_over(&content) {
        // Ranges are the sender's business then.
        let mut answer = cover.answer(StatusCode::OK);
        return Ok(answer.content_type(content.media_type()).insert_header((HAND_OVER, place)).finish());
    }
    // A client that has another version's part gets the whole (RFC 9110 section 13.1.5).
    let is_same = told(request, header::IF_RANGE).is_none_or(|tag| tag == cover.etag);
    let range = match wanted(told(request, header::RANGE).filter(|_| is_same), content.length()) {
        Wanted::Whole => None,
        Wanted::Part(range) => Some(range),
        Wanted::Unsatisfiable => return Err(unsatisfiable(content.length())),
    };
    let is_part = range.is_some();
    let outgoing = images.open(&content, range).await?;
    Ok(cover.send(outgoing, is_part))
}

/// Whether an `Accept` names WebP. That everything is taken says nothing: old clients say it, too.
fn names_webp(accept: &str) -> bool {
    accept.split(',').any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let is_it = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("image/webp"));
        let is_refused = |part: &str| {
            part.split_once('=').is_some_and(|(name, value)| {
                name.trim().eq_ignore_ascii_case("q") && value.trim().parse::<f32>().is_ok_and(|weight| weight <= 0.0)
            })
        };
        is_it && !parts.any(is_refused)
    })
}

fn told(request: &HttpRequest, name: header::HeaderName) -> Option<&str> {
    request.headers().get(name)?.to_str().ok()
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
    fn webp_is_for_who_names_it() {
        for takes in ["image/webp", "image/avif,image/webp,*/*;q=0.8", "text/html, Image/WebP ; q=0.5"] {
            assert!(names_webp(takes), "{takes}");
        }
        for refuses in ["", "*/*", "image/*", "image/webp;q=0", "image/webp; Q=0.0", "image/webpx"] {
            assert!(!names_webp(refuses), "{refuses}");
        }
    }
}
