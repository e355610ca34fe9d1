//! `PUT /workshops/{id}`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Tagged},
    problem::Problem,
};

use crate::{
    WorkshopId,
    actions::EditWorkshop,
    dto::{WorkshopContent, WorkshopView},
    service::Workshops,
};

/// Replaces a workshop's fields.
///
/// Fields left out become empty; the status stays.
///
/// More seats go to the first in line at once; fewer take nobody's. A cancelled workshop takes no changes (409
/// `workshop_cancelled`), and one for which people are registered is no draft again (409 `workshop_has_attendees`).
#[utoipa::path(
    put,
    path = "/workshops/{id}",
    tag = "workshops",
    operation_id = "replace_workshop",
    params(("id" = WorkshopId, Path, description = "The workshop.")),
    request_body = WorkshopContent,
    responses((status = 200, description = "The workshop as it is now.", body = WorkshopView))
)]
pub async fn replace_workshop(
    guard: Guarded<EditWorkshop>,
    body: Body<WorkshopContent>,
    workshops: Data<Workshops>,
) -> Result<Tagged<WorkshopView>, Problem> {
    Ok(workshops.replace(guard.permit(), body.valid()?).await?)
}
