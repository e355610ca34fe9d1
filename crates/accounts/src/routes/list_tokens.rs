//! `GET /users/me/tokens`

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Paging, page::Page, problem::Problem};

use crate::{
    actions::{ListTokens, NoFilter},
    dto::TokenView,
    service::Accounts,
};

/// Lists one's personal access tokens, oldest first; expired ones for a month.
#[utoipa::path(get, path = "/users/me/tokens", tag = "auth", operation_id = "list_tokens",
    params(
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 200, description = "Tokens on a page; 50 by default."),
        ("cursor" = Option<String>, Query, description = "Where to go on: `next` of the page before."),
    ),
    responses((status = 200, description = "A page of tokens", body = Page<TokenView>)))]
pub async fn list_tokens(
    guard: Guarded<ListTokens>,
    paging: Paging<NoFilter>,
    accounts: Data<Accounts>,
) -> Result<Page<TokenView>, Problem> {
    Ok(accounts.tokens(guard.permit(), &paging).await?)
}
