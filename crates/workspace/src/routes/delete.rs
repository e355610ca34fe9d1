//! `DELETE /workspaces/{id}`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, NoContent, Query},
    problem::Problem,
};

use crate::{actions::DeleteWorkspace, dto::Confirmation, service::Workspaces};

/// Deletes a workspace, as its owner.
///
/// It is gone for everybody at once. Its name has to be repeated as `confirm`, in the query or in the body; without it,
/// 422 `not_confirmed`.
#[utoipa::path(
    delete,
    path = "/workspaces/{id}",
    tag = "workspaces",
    operation_id = "delete_workspace",
    params(
        ("id" = String, Path, description = "The workspace: its id or slug."),
        Confirmation,
    ),
    request_body = Option<Confirmation>,
    responses((status = 204, description = "It is deleted."))
)]
pub async fn delete_workspace(
    guard: Guarded<DeleteWorkspace>,
    query: Query<Confirmation>,
    body: Body<Confirmation>,
    workspaces: Data<Workspaces>,
) -> Result<NoContent, Problem> {
    let confirm = match query.0.confirm {
        Some(confirm) => Some(confirm),
        None => body.valid_or_default()?.confirm,
    };
    workspaces.delete(guard.permit(), confirm.as_deref()).await?;
    Ok(NoContent)
}
