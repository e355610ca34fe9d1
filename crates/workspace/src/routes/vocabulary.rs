//! `GET /permissions`.

use actix_web::{http::StatusCode, web::Data};
use kernel::{guard::Guarded, http::Done, problem::Problem};

use crate::{actions::ReadCatalogue, dto::VocabularyView, service::Workspaces};

/// Lists what roles can grant: every permission with what it allows, the scopes it admits and the module that enforces it, and
/// every limit.
#[utoipa::path(
    get,
    path = "/permissions",
    tag = "roles",
    operation_id = "list_permissions",
    responses((status = 200, description = "The vocabulary of role documents.", body = VocabularyView))
)]
pub async fn list_permissions(
    _guard: Guarded<ReadCatalogue>,
    workspaces: Data<Workspaces>,
) -> Result<Done<VocabularyView>, Problem> {
    Ok(Done { status: StatusCode::OK, view: VocabularyView::of(workspaces.vocabulary()) })
}
