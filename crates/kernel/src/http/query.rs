//! The query of what is no list: a few parameters of its own.

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::de::DeserializeOwned;

use super::paging::{parameters, parse_filter};
use crate::problem::Problem;

/// The query parameters of one operation; 422 names the one that is unknown or has not its form.
#[derive(Clone, Copy, Debug)]
pub struct Query<F>(pub F);

impl<F: DeserializeOwned> FromRequest for Query<F> {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(parameters(request).and_then(|pairs| parse_filter(&pairs)).map(Self))
    }
}
