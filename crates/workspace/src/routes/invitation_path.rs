//! The invitation that a path names where it is no target of the guard.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use kernel::problem::Problem;

use crate::dto::InvitationId;

/// `{id}` of the path; what is no id names nothing: 404.
#[derive(Clone, Copy, Debug)]
pub struct InvitationPath(pub(super) InvitationId);

impl FromRequest for InvitationPath {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let text = request.match_info().get("id").unwrap_or_default();
        ready(text.parse().map(Self).map_err(|_| Problem::not_found()))
    }
}
