//! The attendee that a path names below their workshop.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use kernel::{ids::UserId, problem::Problem};

/// `{user_id}` of the path; what is no id names nobody: 404.
#[derive(Clone, Copy, Debug)]
pub struct AttendeePath(pub(super) UserId);

impl FromRequest for AttendeePath {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let text = request.match_info().get("user_id").unwrap_or_default();
        ready(text.parse().map(Self).map_err(|_| Problem::not_found()))
    }
}
