//! An answer that is always sent whole: its version says what was changed of it, but not all that is told in it.

use actix_web::{HttpRequest, HttpResponse, Responder, body::BoxBody, http::header};
use kernel::http::etag_of;
use serde::Serialize;

/// 200 with the resource and its `ETag`, for `If-Match`. Never 304: what a reader may see of an album changes without the
/// album, so that what the client has may be out of date though its tag is not.
#[derive(Clone, Debug)]
pub struct Current<T> {
    /// Its version.
    pub version: i32,
    /// The resource.
    pub view: T,
}

impl<T: Serialize> Responder for Current<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok().insert_header((header::ETAG, etag_of(self.version))).json(self.view)
    }
}
