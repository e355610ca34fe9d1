//! `POST /subscriptions/{id}/quote`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Done},
    problem::Problem,
};

use crate::subscriptions::{ChosenPlan, QuoteSubscription, QuoteView, SubscriptionId, Subscriptions};

/// Says what a change of plan would cost.
///
/// Up it takes place at once: the days that are left of the period are charged at the new price less the old, the day that has
/// begun counted whole, each rounded half up. Down it takes place at the renewal and costs nothing now. The plan that is in force
/// takes back a change that waits. A plan whose role can't be given at present is refused: 409 `plan_role_withheld`.
#[utoipa::path(
    post,
    path = "/subscriptions/{id}/quote",
    tag = "subscriptions",
    operation_id = "quote_subscription",
    params(("id" = SubscriptionId, Path, description = "The subscription.")),
    request_body = ChosenPlan,
    responses((status = 200, description = "The quote.", body = QuoteView))
)]
pub async fn quote_subscription(
    guard: Guarded<QuoteSubscription>,
    body: Body<ChosenPlan>,
    subscriptions: Data<Subscriptions>,
) -> Result<Done<QuoteView>, Problem> {
    Ok(subscriptions.quote(guard.permit(), &body.valid()?.plan).await?)
}
