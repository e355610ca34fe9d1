//! `POST /workspaces/{id}/invitations`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Created},
    problem::{Problem, ProblemDocument},
};

use crate::{
    actions::InviteMember,
    dto::{InvitationView, NewMember},
    permissions::CAN_MANAGE_MEMBERS,
    service::Workspaces,
};

/// Invites somebody.
///
/// By e-mail address, whether it has an account or not, or by account. A mail brings the link, which is good for seven days.
/// The role may grant nothing that the caller's doesn't: 403 `beyond_your_own` lists what is missing; an hour rate takes
/// `can_manage_members`. 409 `already_invited`, `too_many_invitations`; for an account also `already_member`.
#[utoipa::path(
    post,
    path = "/workspaces/{id}/invitations",
    tag = "invitations",
    operation_id = "invite_member",
    params(
        ("id" = String, Path, description = "The workspace: its id or slug.")
    ),
    request_body = NewMember,
    responses(
        (status = 201, description = "The invitation.", body = InvitationView),
        (status = 429, description = "They were written to too often lately; see `Retry-After`.", body = ProblemDocument,
            content_type = "application/problem+json")
    )
)]
pub async fn invite_member(
    guard: Guarded<InviteMember>,
    body: Body<NewMember>,
    workspaces: Data<Workspaces>,
) -> Result<Created<InvitationView>, Problem> {
    let new = body.valid()?;
    if new.hour_rate.is_some() {
        guard.permit().require(&CAN_MANAGE_MEMBERS)?;
    }
    Ok(workspaces.invite(guard.permit(), new).await?)
}
