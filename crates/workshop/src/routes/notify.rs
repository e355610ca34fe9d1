//! `POST /notifications/workshops/{workshop_id}`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Done},
    problem::{Problem, ProblemDocument},
};

use crate::{
    WorkshopId,
    actions::Notify,
    dto::{NewBroadcast, SentBroadcast},
    service::Workshops,
};

/// Writes to everyone who has a seat in a workshop.
///
/// To each once: those who have one at this moment, whoever comes and goes later. They are told soon after. Ten messages
/// a day for each workshop: 429 `too_many_messages`.
#[utoipa::path(
    post,
    path = "/notifications/workshops/{workshop_id}",
    tag = "workshops",
    operation_id = "notify_workshop_attendees",
    params(("workshop_id" = WorkshopId, Path, description = "The workshop.")),
    request_body = NewBroadcast,
    responses(
        (status = 202, description = "It is on its way to so many.", body = SentBroadcast),
        (status = 429, description = "As many were written as may be in a day; see `Retry-After`.", body = ProblemDocument,
            content_type = "application/problem+json")
    )
)]
pub async fn notify_workshop_attendees(
    guard: Guarded<Notify>,
    body: Body<NewBroadcast>,
    workshops: Data<Workshops>,
) -> Result<Done<SentBroadcast>, Problem> {
    Ok(workshops.notify(guard.permit(), &body.valid()?).await?)
}
