//! `POST /invitations/preview`.

use actix_web::{http::StatusCode, web::Data};
use kernel::{
    guard::{Guarded, Public},
    http::{Body, Done},
    problem::{Problem, ProblemDocument},
};

use crate::{
    Schema,
    dto::{InvitationToken, WaitingInvitation},
    service::Workspaces,
};

/// Shows an invitation to who holds its token.
///
/// The token travels in the body, so that no log or history keeps it.
#[utoipa::path(
    post,
    path = "/invitations/preview",
    tag = "invitations",
    operation_id = "preview_invitation",
    request_body = InvitationToken,
    responses(
        (status = 200, description = "The invitation.", body = WaitingInvitation),
        (status = 404, description = "The token was never one.", body = ProblemDocument,
            content_type = "application/problem+json"),
        (status = 410, description = "It can't be accepted any more; `reason` says why.", body = ProblemDocument,
            content_type = "application/problem+json")
    )
)]
pub async fn preview_invitation(
    guard: Guarded<Public<Schema>>,
    body: Body<InvitationToken>,
    workspaces: Data<Workspaces>,
) -> Result<Done<WaitingInvitation>, Problem> {
    let view = workspaces.preview(guard.permit(), &body.valid()?.token).await?;
    Ok(Done { status: StatusCode::OK, view })
}
