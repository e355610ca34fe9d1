//! `GET /subscriptions/{id}`.

use kernel::{guard::Guarded, http::Tagged, problem::Problem};

use crate::subscriptions::{SubscriptionId, SubscriptionView, ViewSubscription};

/// Shows a subscription.
#[utoipa::path(
    get,
    path = "/subscriptions/{id}",
    tag = "subscriptions",
    operation_id = "read_subscription",
    params(("id" = SubscriptionId, Path, description = "The subscription.")),
    responses((status = 200, description = "The subscription.", body = SubscriptionView))
)]
pub async fn read_subscription(guard: Guarded<ViewSubscription>) -> Result<Tagged<SubscriptionView>, Problem> {
    let row = guard.permit().target().subscription();
    Ok(Tagged::new(row.version(), SubscriptionView::from(row)))
}
