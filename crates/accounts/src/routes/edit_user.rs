//! `PATCH /users/{id}`

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Tagged},
    ids::UserId,
    problem::Problem,
};

use crate::{
    actions::EditAccount,
    dto::{AccountPatch, UserView},
    service::Accounts,
};

/// Changes an account: one's own, or one that was made through a workspace by whose role one may.
///
/// Disabling an account ends its sessions.
#[utoipa::path(patch, path = "/users/{id}", tag = "users", operation_id = "edit_user",
    params(("id" = UserId, Path, description = "The account")), request_body = AccountPatch,
    responses((status = 200, description = "The account as it is now", body = UserView)))]
pub async fn edit_user(
    guard: Guarded<EditAccount>,
    body: Body<AccountPatch>,
    accounts: Data<Accounts>,
) -> Result<Tagged<UserView>, Problem> {
    let patch = body.valid()?;
    Ok(accounts.edit(guard.permit(), patch).await?)
}
