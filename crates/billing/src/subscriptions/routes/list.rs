//! `GET /subscriptions`.

use actix_web::web::Data;
use kernel::{guard::Scoped, page::Page, problem::Problem};

use crate::subscriptions::{SubscriptionFilter, SubscriptionList, SubscriptionView, Subscriptions};

/// Lists subscriptions.
///
/// Of one workspace, or of all that the caller belongs to: exactly those that they may open, the newest first.
#[utoipa::path(
    get,
    path = "/subscriptions",
    tag = "subscriptions",
    operation_id = "list_subscriptions",
    params(
        SubscriptionFilter,
        ("workspace" = Option<String>, Query, description = "Of this workspace only: its id or slug."),
        ("sort" = Option<String>, Query, description = "`-created_at`."),
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 200, description = "Rows on a page; 50 by default."),
        ("cursor" = Option<String>, Query, description = "Where to go on: `next` of the page before."),
    ),
    responses((status = 200, description = "A page of subscriptions.", body = Page<SubscriptionView>))
)]
pub async fn list_subscriptions(
    scoped: Scoped<SubscriptionList>,
    subscriptions: Data<Subscriptions>,
) -> Result<Page<SubscriptionView>, Problem> {
    Ok(subscriptions.list(&scoped).await?)
}
