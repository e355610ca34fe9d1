//! `POST /workspaces`.

use actix_web::web::Data;
use kernel::{
    guard::{Guarded, SignedIn},
    http::{Body, Created},
    problem::Problem,
};

use crate::{
    Schema,
    dto::{NewWorkspace, WorkspaceView},
    service::Workspaces,
};

/// Makes a workspace.
///
/// Its roles are those of the blueprint, and the caller owns it, with the blueprint's owner role. Without a slug it gets
/// one that follows from its name. 409 `slug_taken`; 422 `unknown_blueprint`.
#[utoipa::path(
    post,
    path = "/workspaces",
    tag = "workspaces",
    operation_id = "create_workspace",
    request_body = NewWorkspace,
    responses((status = 201, description = "The workspace.", body = WorkspaceView))
)]
pub async fn create_workspace(
    guard: Guarded<SignedIn<Schema>>,
    body: Body<NewWorkspace>,
    workspaces: Data<Workspaces>,
) -> Result<Created<WorkspaceView>, Problem> {
    Ok(workspaces.create(guard.permit(), body.valid()?).await?)
}
