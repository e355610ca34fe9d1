//! `GET /users`

use actix_web::web::Data;
use kernel::{guard::Scoped, page::Page, problem::Problem};

use crate::{
    actions::{AccountFilter, ListAccounts},
    dto::UserView,
    service::Accounts,
};

/// Lists the people of one's workspaces, newest accounts first.
#[utoipa::path(get, path = "/users", tag = "users", operation_id = "list_users",
    params(
        AccountFilter,
        ("workspace" = Option<String>, Query, description = "Of this workspace only: its id or slug."),
        ("sort" = Option<String>, Query, description = "`-created_at` (the default) or `created_at`."),
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 200, description = "People on a page; 50 by default."),
        ("count" = Option<bool>, Query, description = "Whether to count all pages' people, up to 10,000."),
        ("cursor" = Option<String>, Query, description = "Where to go on: `next` of the page before."),
    ),
    responses((status = 200, description = "A page of accounts", body = Page<UserView>)))]
pub async fn list_users(scoped: Scoped<ListAccounts>, accounts: Data<Accounts>) -> Result<Page<UserView>, Problem> {
    Ok(accounts.list(&scoped).await?)
}
