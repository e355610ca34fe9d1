//! The month that a path names below its workspace.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use kernel::problem::Problem;

use crate::dto::Month;

/// `{month}` of the path; what is no month names nothing: 404.
#[derive(Clone, Copy, Debug)]
pub struct MonthPath(pub(super) Month);

impl FromRequest for MonthPath {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let text = request.match_info().get("month").unwrap_or_default();
        ready(text.parse().map(Self).map_err(|_| Problem::not_found()))
    }
}
