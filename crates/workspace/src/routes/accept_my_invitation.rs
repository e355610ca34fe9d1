//! `POST /users/me/invitations/{id}/accept`.

use actix_web::web::Data;
use kernel::{
    guard::{Guarded, SignedIn},
    http::Created,
    problem::{Problem, ProblemDocument},
};

use super::invitation_path::InvitationPath;
use crate::{
    Schema,
    dto::{InvitationId, MemberView},
    service::Workspaces,
};

/// Accepts what the caller is invited to.
///
/// 410 `invitation_gone` when whoever invited may no longer give the role. 409 `already_member`.
#[utoipa::path(
    post,
    path = "/users/me/invitations/{id}/accept",
    tag = "invitations",
    operation_id = "accept_my_invitation",
    params(
        ("id" = InvitationId, Path, description = "The invitation.")
    ),
    responses(
        (status = 201, description = "The membership.", body = MemberView),
        (status = 410, description = "It can't be accepted any more; `reason` says why.", body = ProblemDocument,
            content_type = "application/problem+json")
    )
)]
pub async fn accept_my_invitation(
    guard: Guarded<SignedIn<Schema>>,
    invitation: InvitationPath,
    workspaces: Data<Workspaces>,
) -> Result<Created<MemberView>, Problem> {
    Ok(workspaces.accept_mine(guard.permit(), invitation.0).await?)
}
