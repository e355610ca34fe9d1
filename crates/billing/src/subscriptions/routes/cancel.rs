//! `DELETE /subscriptions/{id}`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Query, Tagged},
    problem::Problem,
};

use crate::subscriptions::{CancelFilter, CancelSubscription, SubscriptionId, SubscriptionView, Subscriptions};

/// Ends a subscription.
///
/// With its period, which is paid for; with `now=true` at once, and nothing is paid back. What isn't paid ends at once, and its
/// invoice is void. Ended again, nothing happens.
#[utoipa::path(
    delete,
    path = "/subscriptions/{id}",
    tag = "subscriptions",
    operation_id = "cancel_subscription",
    params(("id" = SubscriptionId, Path, description = "The subscription."), CancelFilter),
    responses((status = 200, description = "The subscription.", body = SubscriptionView))
)]
pub async fn cancel_subscription(
    guard: Guarded<CancelSubscription>,
    query: Query<CancelFilter>,
    subscriptions: Data<Subscriptions>,
) -> Result<Tagged<SubscriptionView>, Problem> {
    Ok(subscriptions.cancel(guard.permit(), query.0.now).await?)
}
