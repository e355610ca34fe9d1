//! `POST /notifications/workshops/{workshop_id}`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Done},
    problem::Problem,
};

use crate::{
    WorkshopId,
    actions::Notify,
    dto::{NewBroadcast, SentBroadcast},
    service::Workshops,
};

/// Writes to everyone who has a seat in a workshop.
///
/// To each once: those who have one at this moment, whoever comes and goes later. They are told soon after.
#[utoipa::path(
    post,
    path = "/notifications/workshops/{workshop_id}",
    tag = "workshops",
    operation_id = "notify_workshop_attendees",
    params(("workshop_id" = WorkshopId, Path, description = "The workshop.")),
    request_body = NewBroadcast,
    responses((status = 202, description = "It is on its way to so many.", body = SentBroadcast))
)]
pub async fn notify_workshop_attendees(
    guard: Guarded<Notify>,
    body: Body<NewBroadcast>,
    workshops: Data<Workshops>,
) -> Result<Done<SentBroadcast>, Problem> {
    Ok(workshops.notify(guard.permit(), &body.valid()?).await?)
}
