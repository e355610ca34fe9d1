//! `POST /platform/plans`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Created},
    problem::Problem,
};

use crate::plans::{NewPlatformPlan, PlanView, Plans, PublishPlan};

/// Makes a plan for workspaces.
///
/// For those who administer the platform.
#[utoipa::path(
    post,
    path = "/platform/plans",
    tag = "plans",
    operation_id = "create_platform_plan",
    request_body = NewPlatformPlan,
    responses((status = 201, description = "The plan.", body = PlanView))
)]
pub async fn create_platform_plan(
    guard: Guarded<PublishPlan>,
    body: Body<NewPlatformPlan>,
    plans: Data<Plans>,
) -> Result<Created<PlanView>, Problem> {
    Ok(plans.publish(guard.permit(), body.valid()?).await?)
}
