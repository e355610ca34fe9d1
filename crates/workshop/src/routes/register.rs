//! `POST /workshops/{id}/attendees`.

use actix_web::{Either, web::Data};
use kernel::{
    guard::Guarded,
    http::{Body, Created, Done},
    problem::Problem,
};

use crate::{
    WorkshopId,
    actions::Register,
    dto::{NewAttendee, RegistrationView},
    service::Workshops,
};

/// Registers for a workshop.
///
/// As long as there are seats, one is confirmed; then whoever registers is waitlisted, and has a seat as soon as one is
/// free and nobody is before them in line. The body may be left out: then it is the caller. With `user_id` it is another
/// member, which takes `can_manage_attendees`, and works outside the window of registration too. Whoever is registered
/// stays so: 200. While registration isn't open: 403 `registration_closed`, with `opens_at` and `closes_at`.
#[utoipa::path(
    post,
    path = "/workshops/{id}/attendees",
    tag = "workshops",
    operation_id = "register_for_workshop",
    params(("id" = WorkshopId, Path, description = "The workshop.")),
    request_body = Option<NewAttendee>,
    responses(
        (status = 201, description = "The new registration.", body = RegistrationView),
        (status = 200, description = "The registration that there was.", body = RegistrationView)
    )
)]
pub async fn register_for_workshop(
    guard: Guarded<Register>,
    body: Body<NewAttendee>,
    workshops: Data<Workshops>,
) -> Result<Either<Created<RegistrationView>, Done<RegistrationView>>, Problem> {
    Ok(workshops.register(guard.permit(), body.valid_or_default()?).await?)
}
