//! `GET /workshops/{id}/attendees/me`.

use actix_web::web::{Data, Json};
use kernel::{guard::Guarded, problem::Problem};

use crate::{WorkshopId, actions::ViewRegistration, dto::RegistrationView, service::Workshops};

/// Reads one's own registration.
///
/// With the place in line, for whoever waits. Whoever isn't registered: 404 `not_registered`.
#[utoipa::path(
    get,
    path = "/workshops/{id}/attendees/me",
    tag = "workshops",
    operation_id = "read_workshop_registration",
    params(("id" = WorkshopId, Path, description = "The workshop.")),
    responses((status = 200, description = "The registration.", body = RegistrationView))
)]
pub async fn read_workshop_registration(
    guard: Guarded<ViewRegistration>,
    workshops: Data<Workshops>,
) -> Result<Json<RegistrationView>, Problem> {
    Ok(Json(workshops.registration(guard.permit()).await?))
}
