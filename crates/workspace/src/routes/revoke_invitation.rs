//! `DELETE /invitations/{id}`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::NoContent,
    problem::{Problem, ProblemDocument},
};

use crate::{actions::RevokeInvitation, dto::InvitationId, service::Workspaces};

/// Takes an invitation back.
///
/// One's own, or one to a role that the caller covers: else 403 `beyond_your_own`. It stays in the list, as `revoked`.
#[utoipa::path(
    delete,
    path = "/invitations/{id}",
    tag = "invitations",
    operation_id = "revoke_invitation",
    params(
        ("id" = InvitationId, Path, description = "The invitation.")
    ),
    responses(
        (status = 204, description = "It can't be accepted any more."),
        (status = 410, description = "It was answered or taken back.", body = ProblemDocument,
            content_type = "application/problem+json")
    )
)]
pub async fn revoke_invitation(
    guard: Guarded<RevokeInvitation>,
    workspaces: Data<Workspaces>,
) -> Result<NoContent, Problem> {
    workspaces.revoke(guard.permit()).await?;
    Ok(NoContent)
}
