//! `GET /developers/{id}`.

use actix_web::{http::StatusCode, web::Data};
use kernel::{guard::Guarded, http::Done, ids::UserId, problem::Problem};

use crate::{actions::ViewDeveloper, dto::DeveloperView, service::Workspaces};

/// Reads what is public of a developer.
#[utoipa::path(
    get,
    path = "/developers/{id}",
    tag = "developers",
    operation_id = "read_developer",
    params(
        ("id" = UserId, Path, description = "The developer's account.")
    ),
    responses((status = 200, description = "The developer.", body = DeveloperView))
)]
pub async fn read_developer(
    guard: Guarded<ViewDeveloper>,
    workspaces: Data<Workspaces>,
) -> Result<Done<DeveloperView>, Problem> {
    Ok(Done { status: StatusCode::OK, view: workspaces.developer(guard.permit()).await? })
}
