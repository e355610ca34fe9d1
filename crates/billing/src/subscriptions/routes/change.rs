//! `POST /subscriptions/{id}/change`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Tagged},
    problem::Problem,
};

use crate::subscriptions::{ChangeSubscription, PlanChange, SubscriptionId, SubscriptionView, Subscriptions};

/// Changes the plan.
///
/// For exactly what was quoted, or not at all: 409 `quote_changed`, with what it would cost now. What is charged takes effect
/// when it is paid. To a plan whose role can't be given at present there is no change: 409 `plan_role_withheld`. Repeated with its
/// `Idempotency-Key`, it answers how the subscription stands by then.
#[utoipa::path(
    post,
    path = "/subscriptions/{id}/change",
    tag = "subscriptions",
    operation_id = "change_subscription",
    params(("id" = SubscriptionId, Path, description = "The subscription.")),
    request_body = PlanChange,
    responses((status = 200, description = "The subscription.", body = SubscriptionView))
)]
pub async fn change_subscription(
    guard: Guarded<ChangeSubscription>,
    body: Body<PlanChange>,
    subscriptions: Data<Subscriptions>,
) -> Result<Tagged<SubscriptionView>, Problem> {
    Ok(subscriptions.change(guard.permit(), body.valid()?).await?)
}
