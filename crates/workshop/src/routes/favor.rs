//! `POST /workshops/{id}/favorite`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Done, problem::Problem};

use crate::{
    WorkshopId,
    actions::Favor,
    service::{FavoriteView, Workshops},
};

/// Keeps a workshop among one's favourites.
#[utoipa::path(
    post,
    path = "/workshops/{id}/favorite",
    tag = "workshops",
    operation_id = "favor_workshop",
    params(("id" = WorkshopId, Path, description = "The workshop.")),
    responses(
        (status = 201, description = "It is one of them now.", body = FavoriteView),
        (status = 200, description = "It was one of them.", body = FavoriteView)
    )
)]
pub async fn favor_workshop(guard: Guarded<Favor>, workshops: Data<Workshops>) -> Result<Done<FavoriteView>, Problem> {
    Ok(workshops.favor(guard.permit()).await?)
}
