//! `GET /workshops/feed/calendar.ics`.

use actix_web::{HttpRequest, HttpResponse, web::Data};
use kernel::{
    guard::{Guarded, Public},
    http::Query,
    problem::Problem,
};

use super::calendar::sent;
use crate::{Schema, dto::FeedToken, service::Workshops};

/// Reads somebody's workshops by their secret address, for calendar programs (iCalendar, RFC 5545).
///
/// Those that they give, and those for which they are registered or wait, in all workspaces whose workshops they see at this
/// moment; a waitlisted one is tentative. 404 for an address that is none, or none any more.
#[utoipa::path(
    get,
    path = "/workshops/feed/calendar.ics",
    tag = "workshops",
    operation_id = "feed_calendar",
    params(FeedToken),
    responses(
        (status = 200, description = "The calendar.", body = String, content_type = "text/calendar"),
        (status = 304, description = "The client has it."),
        (status = 404, description = "There is no such address.")
    )
)]
pub async fn feed_calendar(
    guard: Guarded<Public<Schema>>,
    request: HttpRequest,
    query: Query<FeedToken>,
    workshops: Data<Workshops>,
) -> Result<HttpResponse, Problem> {
    Ok(sent(&request, workshops.feed_calendar(guard.permit(), &query.0.token).await?))
}
