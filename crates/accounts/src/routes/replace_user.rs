//! `PUT /users/{id}`

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Tagged},
    ids::UserId,
    problem::Problem,
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    actions::EditAccount,
    dto::{AccountPatch, AccountStatus, UserView},
    rules::{check_name, check_username},
    service::Accounts,
};

/// All fields of an account that can be edited; names that are absent are cleared.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountReplacement {
    /// The name they go by: 3 to 32 of a to z, digits, dots, underscores and hyphens; unique whatever the case.
    #[validate(custom(function = check_username))]
    #[schema(min_length = 3, max_length = 32)]
    username: Option<String>,
    /// Given name.
    #[validate(custom(function = check_name))]
    #[schema(min_length = 1, max_length = 100)]
    first_name: Option<String>,
    /// Family name.
    #[validate(custom(function = check_name))]
    #[schema(min_length = 1, max_length = 100)]
    last_name: Option<String>,
    /// Whether they may sign in; stays as it is if absent. Nobody sets their own.
    status: Option<AccountStatus>,
}

impl From<AccountReplacement> for AccountPatch {
    fn from(whole: AccountReplacement) -> Self {
        let AccountReplacement { username, first_name, last_name, status } = whole;
        Self { username: Some(username), first_name: Some(first_name), last_name: Some(last_name), status }
    }
}

/// Replaces the editable fields of an account: one's own, or one that was made through a workspace by whose role one
/// may.
///
/// Disabling an account ends its sessions.
#[utoipa::path(put, path = "/users/{id}", tag = "users", operation_id = "replace_user",
    params(("id" = UserId, Path, description = "The account")), request_body = AccountReplacement,
    responses((status = 200, description = "The account as it is now", body = UserView)))]
pub async fn replace_user(
    guard: Guarded<EditAccount>,
    body: Body<AccountReplacement>,
    accounts: Data<Accounts>,
) -> Result<Tagged<UserView>, Problem> {
    let whole = body.valid()?;
    Ok(accounts.edit(guard.permit(), whole.into()).await?)
}
