//! `POST /workspaces/{id}/check`.

use actix_web::{http::StatusCode, web::Data};
use kernel::{
    guard::Guarded,
    http::{Body, Done},
    problem::{Problem, ProblemDocument},
};

use crate::{
    actions::CheckAuthority,
    dto::{AnswerView, Question},
    service::Workspaces,
};

/// Tells whether somebody may do something, and why: what the role engine would answer them. Nothing is done.
///
/// A resource that the caller may not see is told like one that isn't there. Rules beyond roles, such as limits or the last
/// administrator, are not part of the answer.
#[utoipa::path(
    post,
    path = "/workspaces/{id}/check",
    tag = "workspaces",
    operation_id = "check_authority",
    params(
        ("id" = String, Path, description = "The workspace: its id or slug.")
    ),
    request_body = Question,
    responses(
        (status = 200, description = "The answer, explained.", body = AnswerView),
        (status = 403, description = "You may ask about yourself only.", body = ProblemDocument,
            content_type = "application/problem+json")
    )
)]
pub async fn check_authority(
    guard: Guarded<CheckAuthority>,
    body: Body<Question>,
    workspaces: Data<Workspaces>,
) -> Result<Done<AnswerView>, Problem> {
    let view = workspaces.check(guard.permit(), body.valid()?).await?;
    Ok(Done { status: StatusCode::OK, view })
}
