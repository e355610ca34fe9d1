//! `POST /users/{id}/password-mail`

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::Done,
    ids::UserId,
    problem::{Problem, ProblemDocument},
};

use crate::{actions::SendPasswordMail, dto::Mailed, service::Accounts};

/// Mails the owner of an account without a password once more how to choose one.
///
/// For those who may edit the account. The link is good for a week; those of before stay good.
#[utoipa::path(post, path = "/users/{id}/password-mail", tag = "users", operation_id = "send_password_mail",
    params(("id" = UserId, Path, description = "The account")),
    responses((status = 202, description = "There is mail", body = Mailed),
        (status = 429, description = "There was such a mail a moment ago, or many today.", body = ProblemDocument,
            content_type = "application/problem+json")))]
pub async fn send_password_mail(
    guard: Guarded<SendPasswordMail>,
    accounts: Data<Accounts>,
) -> Result<Done<Mailed>, Problem> {
    Ok(accounts.invite(guard.permit()).await?)
}
