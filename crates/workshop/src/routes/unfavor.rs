//! `DELETE /workshops/{id}/favorite`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::NoContent, problem::Problem};

use crate::{WorkshopId, actions::Unfavor, service::Workshops};

/// Keeps a workshop among one's favourites no longer, whether or not it was.
#[utoipa::path(
    delete,
    path = "/workshops/{id}/favorite",
    tag = "workshops",
    operation_id = "unfavor_workshop",
    params(("id" = WorkshopId, Path, description = "The workshop.")),
    responses((status = 204, description = "It is none of them."))
)]
pub async fn unfavor_workshop(guard: Guarded<Unfavor>, workshops: Data<Workshops>) -> Result<NoContent, Problem> {
    workshops.unfavor(guard.permit()).await?;
    Ok(NoContent)
}
