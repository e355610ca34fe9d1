//! `POST /workshops/feed`.

use actix_web::web::Data;
use kernel::{
    guard::{Guarded, SignedIn},
    http::Created,
    problem::Problem,
};

use crate::{Schema, dto::FeedAddress, service::Workshops};

/// Makes a secret address at which calendar programs find one's workshops.
///
/// It is told once. The address before, if there was one, leads nowhere from now on.
#[utoipa::path(
    post,
    path = "/workshops/feed",
    tag = "workshops",
    operation_id = "renew_calendar_feed",
    responses((status = 201, description = "The address.", body = FeedAddress))
)]
pub async fn renew_calendar_feed(
    guard: Guarded<SignedIn<Schema>>,
    workshops: Data<Workshops>,
) -> Result<Created<FeedAddress>, Problem> {
    Ok(workshops.renew_feed(guard.permit()).await?)
}
