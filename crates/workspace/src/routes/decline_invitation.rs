//! `POST /invitations/decline`.

use actix_web::web::Data;
use kernel::{
    guard::{Guarded, Public},
    http::{Body, NoContent},
    problem::{Problem, ProblemDocument},
};

use crate::{Schema, dto::InvitationToken, service::Workspaces};

/// Turns an invitation down, by its token.
#[utoipa::path(
    post,
    path = "/invitations/decline",
    tag = "invitations",
    operation_id = "decline_invitation",
    request_body = InvitationToken,
    responses(
        (status = 204, description = "It is turned down."),
        (status = 404, description = "The token was never one.", body = ProblemDocument,
            content_type = "application/problem+json"),
        (status = 410, description = "It was answered or taken back already.", body = ProblemDocument,
            content_type = "application/problem+json")
    )
)]
pub async fn decline_invitation(
    guard: Guarded<Public<Schema>>,
    body: Body<InvitationToken>,
    workspaces: Data<Workspaces>,
) -> Result<NoContent, Problem> {
    workspaces.decline(guard.permit(), &body.valid()?.token).await?;
    Ok(NoContent)
}
