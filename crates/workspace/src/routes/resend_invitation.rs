//! `POST /invitations/{id}/resend`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::Tagged,
    problem::{Problem, ProblemDocument},
};

use crate::{
    actions::ResendInvitation,
    dto::{InvitationId, InvitationView},
    service::Workspaces,
};

/// Sends an invitation again.
///
/// With another link, good for seven days again; the former one ends. Whoever sends it answers for it from then on, so they
/// must cover its role: 403 `beyond_your_own`. Once a minute, five times a day: 429 `invitation_sent_lately`.
#[utoipa::path(
    post,
    path = "/invitations/{id}/resend",
    tag = "invitations",
    operation_id = "resend_invitation",
    params(
        ("id" = InvitationId, Path, description = "The invitation.")
    ),
    responses(
        (status = 200, description = "The invitation.", body = InvitationView),
        (status = 410, description = "It was answered or taken back.", body = ProblemDocument,
            content_type = "application/problem+json"),
        (status = 429, description = "It was sent lately; see `Retry-After`.", body = ProblemDocument,
            content_type = "application/problem+json")
    )
)]
pub async fn resend_invitation(
    guard: Guarded<ResendInvitation>,
    workspaces: Data<Workspaces>,
) -> Result<Tagged<InvitationView>, Problem> {
    Ok(workspaces.resend(guard.permit()).await?)
}
