//! What handlers answer with: created, versioned, listed, nothing.

use actix_web::{
    HttpRequest, HttpResponse, Responder,
    body::BoxBody,
    http::{StatusCode, header},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{guard::Reply, page::Page, reply::StoredReply};

/// The entity tag of a row's version (RFC 9110 section 8.8.3).
pub fn etag_of(version: i32) -> String {
    format!("\"{version}\"")
}

/// 201 with `Location`, `ETag` and the resource.
#[derive(Clone, Debug)]
pub struct Created<T> {
    /// Where the resource is, from the root, as in `/api/v1/projects/…`.
    pub location: String,
    /// Its entity tag.
    pub etag: Option<String>,
    /// The resource.
    pub view: T,
}

impl<T> Created<T> {
    /// A resource at `path` below the API's base, as in `/projects/…`.
    pub fn at(path: impl AsRef<str>, etag: Option<String>, view: T) -> Self {
        Self { location: format!("/api/v1{}", path.as_ref()), etag, view }
    }
}

impl<T: Serialize> Reply for Created<T> {
    fn stored(&self) -> StoredReply {
        let body = serde_json::to_value(&self.view).unwrap_or_default();
        StoredReply { status: 201, location: Some(self.location.clone()), etag: self.etag.clone(), body }
    }
}

impl<T: Serialize> Responder for Created<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut builder = HttpResponse::Created();
        builder.insert_header((header::LOCATION, self.location));
        if let Some(etag) = self.etag {
            builder.insert_header((header::ETAG, etag));
        }
        builder.json(self.view)
    }
}

/// 200 with `ETag` and the resource, or 304 if the client has it (RFC 9110 section 13.1.2).
#[derive(Clone, Debug)]
pub struct Tagged<T> {
    /// The entity tag, quoted.
    pub etag: String,
    /// The resource.
    pub view: T,
}

impl<T> Tagged<T> {
    /// A resource of this version.
    pub fn new(version: i32, view: T) -> Self {
        Self { etag: etag_of(version), view }
    }
}

impl<T: Serialize> Reply for Tagged<T> {
    fn stored(&self) -> StoredReply {
        let body = serde_json::to_value(&self.view).unwrap_or_default();
        StoredReply { status: 200, location: None, etag: Some(self.etag.clone()), body }
    }
}

impl<T: Serialize> Responder for Tagged<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        if request.method().is_safe() && client_has(request, &self.etag) {
            return HttpResponse::NotModified().insert_header((header::ETAG, self.etag)).finish();
        }
        HttpResponse::Ok().insert_header((header::ETAG, self.etag)).json(self.view)
    }
}

/// The same, whatever the client has: the tag is for changing the resource, and what is shown of it may differ while its version
/// stays.
#[derive(Clone, Debug)]
pub struct Fresh<T>(pub Tagged<T>);

impl<T: Serialize> Responder for Fresh<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok().insert_header((header::ETAG, self.0.etag)).json(self.0.view)
    }
}

/// Whether the client says that it has what is tagged so (`If-None-Match`, RFC 9110 section 13.1.2). The comparison is weak
/// (section 8.8.3.2): a compressing proxy may have weakened the tag.
pub fn client_has(request: &HttpRequest, etag: &str) -> bool {
    let is_it = |tag: &str| tag.trim().trim_start_matches("W/") == etag;
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
    known.is_some_and(|tags| tags == "*" || tags.split(',').any(is_it))
}

/// The entity tag of what has no version: a digest of its bytes.
pub fn etag_of_content(content: &[u8]) -> String {
    format!("\"{}\"", URL_SAFE_NO_PAD.encode(&Sha256::digest(content)[..12]))
}

/// A reply with a body and no version, as the answer of an operation.
#[derive(Clone, Debug)]
pub struct Done<T> {
    /// The HTTP status.
    pub status: StatusCode,
    /// The body.
    pub view: T,
}

impl<T: Serialize> Reply for Done<T> {
    fn stored(&self) -> StoredReply {
        let body = serde_json::to_value(&self.view).unwrap_or_default();
        StoredReply { status: self.status.as_u16(), location: None, etag: None, body }
    }
}

impl<T: Serialize> Responder for Done<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::build(self.status).json(self.view)
    }
}

/// 204.
#[derive(Clone, Copy, Debug)]
pub struct NoContent;

impl Reply for NoContent {
    fn stored(&self) -> StoredReply {
        StoredReply { status: 204, location: None, etag: None, body: Value::Null }
    }
}

impl Responder for NoContent {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::NoContent().finish()
    }
}

impl<T: Serialize> Responder for Page<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let mut builder = HttpResponse::Ok();
        if let Some(next) = &self.next {
            builder.insert_header((header::LINK, format!("<{}>; rel=\"next\"", with_cursor(request, next))));
        }
        builder.json(self)
    }
}

/// The request's own target with another cursor (RFC 8288: a relative reference is enough).
fn with_cursor(request: &HttpRequest, cursor: &str) -> String {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(request.query_string()).unwrap_or_default();
    let kept = pairs.iter().filter(|(name, _)| name != "cursor").map(|(name, value)| (name.as_str(), value.as_str()));
    let query = serde_urlencoded::to_string(kept.chain([("cursor", cursor)]).collect::<Vec<_>>()).unwrap_or_default();
    format!("{}?{query}", request.path())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn an_entity_tag_is_found_among_several() {
        let asked = |tags: &str| TestRequest::get().insert_header((header::IF_NONE_MATCH, tags)).to_http_request();
        for has in ["\"b\"", "\"a\", W/\"b\"", "*"] {
            assert!(client_has(&asked(has), "\"b\""), "{has}");
        }
        for lacks in ["", "\"a\"", "b", "\"bb\""] {
            assert!(!client_has(&asked(lacks), "\"b\""), "{lacks}");
        }
        assert!(!client_has(&TestRequest::get().to_http_request(), "\"b\""));
    }

    #[test]
    fn other_content_has_another_tag() {
        assert_eq!(etag_of_content(b"a"), etag_of_content(b"a"));
        assert_ne!(etag_of_content(b"a"), etag_of_content(b"b"));
        assert_eq!(etag_of_content(b"").len(), 18);
    }
}
