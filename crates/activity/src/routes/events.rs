//! `GET /events`.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{Method, header},
    web::Data,
};
use kernel::{guard::Watched, problem::Problem};

use crate::{
    actions::FollowEvents,
    streams::{Follow, Position, Reader, Streams},
};

/// Follows what one is told of, while it happens (Server-Sent Events).
///
/// Every notification comes as an event `notification`, with the notification as JSON; the first event is `ready`. The `id` is
/// the place in one's own feed: whoever comes back with it in `Last-Event-ID` gets what came since, each once. The stream
/// ends when the access token does, or the session, or a membership from which notifications come, when the server stops,
/// and when the client is too slow; come back with a token that is good, and with the last `id`.
#[utoipa::path(
    get,
    path = "/events",
    tag = "notifications",
    operation_id = "events",
    params(
        Follow,
        ("Last-Event-ID" = Option<u64>, Header, description = "The `id` of the last event that was received."),
    ),
    responses(
        (status = 200, description = "Events.", body = String, content_type = "text/event-stream"),
        (status = 400, description = "`last_event_id`: none of this stream's.", body = kernel::problem::ProblemDocument, content_type = "application/problem+json"),
        (status = 429, description = "`too_many_streams`: one has enough of them open.", body = kernel::problem::ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub async fn events(
    guard: Watched<FollowEvents>,
    position: Position,
    streams: Data<Streams>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let seat = streams.join(guard.permit().caller())?;
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CONTENT_TYPE, "text/event-stream"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // nginx would collect what is to be sent at once.
        .insert_header(("X-Accel-Buffering", "no"));
    if request.method() == Method::HEAD {
        return Ok(response.finish());
    }
    Ok(response.streaming(Reader::open(guard, seat, position).await?.body()))
}
