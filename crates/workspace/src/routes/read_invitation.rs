//! `GET /invitations/{id}`.

use kernel::{guard::Guarded, http::Tagged, problem::Problem};

use crate::{
    actions::ViewInvitation,
    dto::{InvitationId, InvitationView},
    service::Workspaces,
};

/// Reads an invitation.
#[utoipa::path(
    get,
    path = "/invitations/{id}",
    tag = "invitations",
    operation_id = "read_invitation",
    params(
        ("id" = InvitationId, Path, description = "The invitation.")
    ),
    responses((status = 200, description = "The invitation.", body = InvitationView))
)]
pub async fn read_invitation(guard: Guarded<ViewInvitation>) -> Result<Tagged<InvitationView>, Problem> {
    Ok(Workspaces::invitation(guard.permit()))
}
