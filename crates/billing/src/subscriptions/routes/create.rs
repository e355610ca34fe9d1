//! `POST /subscriptions`.

use actix_web::web::Data;
use kernel::{
    guard::Creating,
    http::{Body, Created},
    problem::Problem,
};

use crate::subscriptions::{NewSubscription, Subscribe, SubscriptionView, Subscriptions};

/// Subscribes.
///
/// To a plan of a workspace, as one of its members; or, for whom `can_manage_subscriptions` reaches all of it, the workspace to
/// a plan of the platform. A plan with a trial begins with it, once for each subscriber. What costs something is invoiced and
/// asked for at once; until it is paid, nothing is given. While there is a subscription that isn't over: 409
/// `already_subscribed`; where the plan gives a role that can't be given at present: 409 `plan_role_withheld`. Repeated with its `Idempotency-Key`, it answers how the subscription stands by then.
#[utoipa::path(
    post,
    path = "/subscriptions",
    tag = "subscriptions",
    operation_id = "subscribe",
    request_body = NewSubscription,
    responses((status = 201, description = "The subscription.", body = SubscriptionView))
)]
pub async fn subscribe(
    guard: Creating<Subscribe>,
    body: Body<NewSubscription>,
    subscriptions: Data<Subscriptions>,
) -> Result<Created<SubscriptionView>, Problem> {
    let new = body.valid()?;
    let permit = guard.permit_for_self_in(new.workspace.as_ref()).await?;
    Ok(subscriptions.subscribe(&permit, new).await?)
}
