//! From where a client goes on: what it says in `Last-Event-ID`, or in the query.

use std::{future::Ready, future::ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use kernel::{http::Query, problem::Problem};
use serde::Deserialize;
use utoipa::IntoParams;

/// How to follow.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Follow {
    /// Goes on after the event of this `id`: 0 is before all. `Last-Event-ID` goes before it. Without either, the stream
    /// begins now.
    #[param(minimum = 0)]
    pub(crate) after: Option<u64>,
    /// `false` sends what there is, and ends.
    pub(crate) follow: bool,
}

impl Default for Follow {
    fn default() -> Self {
        Self { after: None, follow: true }
    }
}

/// From where, and whether to stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    /// After which place; none is now.
    pub(crate) after: Option<i64>,
    /// Whether to wait for more.
    pub(crate) follow: bool,
}

impl FromRequest for Position {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let query = Query::<Follow>::from_request(request, payload).into_inner();
        ready(query.and_then(|Query(query)| {
            let place = |place: u64| i64::try_from(place).unwrap_or(i64::MAX);
            let after = match request.headers().get("last-event-id") {
                None => query.after.map(place),
                Some(value) => Some(place(value.to_str().ok().and_then(|id| id.parse().ok()).ok_or_else(wrong)?)),
            };
            Ok(Self { after, follow: query.follow })
        }))
    }
}

fn wrong() -> Problem {
    Problem::bad_request("last_event_id", "`Last-Event-ID` is none of this stream's ids: they are whole numbers.")
}
