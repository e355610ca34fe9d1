//! `GET /workshops/feed`.

use actix_web::web::{Data, Json};
use kernel::{
    guard::{Guarded, SignedIn},
    problem::Problem,
};

use crate::{Schema, dto::FeedView, service::Workshops};

/// Reads whether one has a secret address, and since when.
#[utoipa::path(
    get,
    path = "/workshops/feed",
    tag = "workshops",
    operation_id = "read_calendar_feed",
    responses((status = 200, description = "Since when there is one.", body = FeedView))
)]
pub async fn read_calendar_feed(
    guard: Guarded<SignedIn<Schema>>,
    workshops: Data<Workshops>,
) -> Result<Json<FeedView>, Problem> {
    Ok(Json(workshops.feed(guard.permit()).await?))
}
