//! `PATCH /workshops/{id}`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Tagged},
    problem::Problem,
};

use crate::{
    WorkshopId,
    actions::EditWorkshop,
    dto::{WorkshopPatch, WorkshopView},
    service::Workshops,
};

/// Changes some of a workshop's fields.
///
/// A JSON merge patch (RFC 7396).
///
/// More seats go to the first in line at once; fewer take nobody's. A cancelled workshop takes no changes (409
/// `workshop_cancelled`), and one for which people are registered is no draft again (409 `workshop_has_attendees`).
#[utoipa::path(
    patch,
    path = "/workshops/{id}",
    tag = "workshops",
    operation_id = "patch_workshop",
    params(("id" = WorkshopId, Path, description = "The workshop.")),
    request_body = WorkshopPatch,
    responses((status = 200, description = "The workshop as it is now.", body = WorkshopView))
)]
pub async fn patch_workshop(
    guard: Guarded<EditWorkshop>,
    body: Body<WorkshopPatch>,
    workshops: Data<Workshops>,
) -> Result<Tagged<WorkshopView>, Problem> {
    Ok(workshops.patch(guard.permit(), body.valid()?).await?)
}
