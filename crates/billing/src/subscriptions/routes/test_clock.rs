//! `POST /workspaces/{id}/test-clock`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Done},
    problem::Problem,
};

use crate::subscriptions::{ClockMove, ClockView, MoveTestClock, Subscriptions};

/// Moves the time of a workspace's billing.
///
/// Forward only; what comes due in that time happens, in its order, before it is answered. For trying things out: in production
/// it is refused, 403 `test_clock_refused`.
#[utoipa::path(
    post,
    path = "/workspaces/{id}/test-clock",
    tag = "subscriptions",
    operation_id = "move_test_clock",
    params(("id" = String, Path, description = "The workspace: its id or slug.")),
    request_body = ClockMove,
    responses((status = 200, description = "What time it is there now.", body = ClockView))
)]
pub async fn move_test_clock(
    guard: Guarded<MoveTestClock>,
    body: Body<ClockMove>,
    subscriptions: Data<Subscriptions>,
) -> Result<Done<ClockView>, Problem> {
    Ok(subscriptions.move_clock(guard.permit(), body.valid()?.days).await?)
}
