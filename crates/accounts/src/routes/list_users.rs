//! `GET /users`

use actix_web::web::Data;
use kernel::{guard::Scoped, page::Page, problem::Problem};

use crate::{
    actions::{AccountFilter, ListAccounts},
    dto::UserView,
    service::Accounts,
};

/// Lists the people of one's workspaces, newest accounts first.
#[utoipa::path(get, path = "/users", tag = "users", operation_id = "list_users", params(AccountFilter),
    responses((status = 200, description = "A page of accounts", body = Page<UserView>)))]
pub async fn list_users(scoped: Scoped<ListAccounts>, accounts: Data<Accounts>) -> Result<Page<UserView>, Problem> {
    Ok(accounts.list(&scoped).await?)
}
