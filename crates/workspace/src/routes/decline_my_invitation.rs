//! `POST /users/me/invitations/{id}/decline`.

use actix_web::web::Data;
use kernel::{
    guard::{Guarded, SignedIn},
    http::NoContent,
    problem::{Problem, ProblemDocument},
};

use super::invitation_path::InvitationPath;
use crate::{Schema, dto::InvitationId, service::Workspaces};

/// Turns down what the caller is invited to.
#[utoipa::path(
    post,
    path = "/users/me/invitations/{id}/decline",
    tag = "invitations",
    operation_id = "decline_my_invitation",
    params(
        ("id" = InvitationId, Path, description = "The invitation.")
    ),
    responses(
        (status = 204, description = "It is turned down."),
        (status = 410, description = "It was answered or taken back already.", body = ProblemDocument,
            content_type = "application/problem+json")
    )
)]
pub async fn decline_my_invitation(
    guard: Guarded<SignedIn<Schema>>,
    invitation: InvitationPath,
    workspaces: Data<Workspaces>,
) -> Result<NoContent, Problem> {
    workspaces.decline_mine(guard.permit(), invitation.0).await?;
    Ok(NoContent)
}
