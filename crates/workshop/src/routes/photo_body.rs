//! What a request about photos brings: a form that isn't read yet, or the photo that a path names.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use kernel::{ids::ImageId, problem::Problem};

use crate::ports::PhotoForm;

/// The form of an upload, as it comes in.
#[derive(Debug)]
pub struct PhotoBody(pub(super) PhotoForm);

impl FromRequest for PhotoBody {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (headers, query) = (request.headers().clone(), request.query_string().to_owned());
        ready(Ok(Self(PhotoForm { headers, query, payload: payload.take() })))
    }
}

/// `{photo_id}` of the path; what is no id names nothing: 404.
#[derive(Clone, Copy, Debug)]
pub struct PhotoPath(pub(super) ImageId);

impl FromRequest for PhotoPath {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let text = request.match_info().get("photo_id").unwrap_or_default();
        ready(text.parse().map(Self).map_err(|_| Problem::not_found()))
    }
}
