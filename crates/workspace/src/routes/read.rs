//! `GET /workspaces/{id}`.

use kernel::{guard::Guarded, http::Tagged, problem::Problem};

use crate::{actions::ViewWorkspace, dto::WorkspaceView};

/// Reads a workspace.
#[utoipa::path(
    get,
    path = "/workspaces/{id}",
    tag = "workspaces",
    operation_id = "read_workspace",
    params(
        ("id" = String, Path, description = "The workspace: its id or slug.")
    ),
    responses((status = 200, description = "The workspace.", body = WorkspaceView))
)]
pub async fn read_workspace(guard: Guarded<ViewWorkspace>) -> Result<Tagged<WorkspaceView>, Problem> {
    let row = guard.permit().target().clone();
    Ok(Tagged::new(row.version, row.into()))
}
