//! `DELETE /workshops/feed`.

use actix_web::web::Data;
use kernel::{
    guard::{Guarded, SignedIn},
    http::NoContent,
    problem::Problem,
};

use crate::{Schema, service::Workshops};

/// Takes one's secret address away, whether or not there is one.
#[utoipa::path(
    delete,
    path = "/workshops/feed",
    tag = "workshops",
    operation_id = "revoke_calendar_feed",
    responses((status = 204, description = "There is none."))
)]
pub async fn revoke_calendar_feed(
    guard: Guarded<SignedIn<Schema>>,
    workshops: Data<Workshops>,
) -> Result<NoContent, Problem> {
    workshops.revoke_feed(guard.permit()).await?;
    Ok(NoContent)
}
