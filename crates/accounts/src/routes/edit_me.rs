//! `PATCH /users/me`

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Tagged},
    problem::{Problem, ProblemDocument},
};

use crate::{
    actions::EditMe,
    dto::{AccountPatch, UserView},
    service::Accounts,
};

/// Changes one's own account.
#[utoipa::path(patch, path = "/users/me", tag = "users", operation_id = "edit_me", request_body = AccountPatch,
    responses((status = 200, description = "The account as it is now", body = UserView),
        (status = 403, description = "Nobody sets their own status.", body = ProblemDocument,
            content_type = "application/problem+json"),
        (status = 412, description = "It was changed since the version that If-Match names.", body = ProblemDocument,
            content_type = "application/problem+json")))]
pub async fn edit_me(
    guard: Guarded<EditMe>,
    body: Body<AccountPatch>,
    accounts: Data<Accounts>,
) -> Result<Tagged<UserView>, Problem> {
    let patch = body.valid()?;
    Ok(accounts.edit_me(guard.permit(), patch).await?)
}
