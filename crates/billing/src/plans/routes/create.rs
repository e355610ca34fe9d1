//! `POST /plans`.

use actix_web::web::Data;
use kernel::{
    guard::Creating,
    http::{Body, Created},
    problem::Problem,
};

use crate::plans::{CreatePlan, NewPlan, PlanView, Plans};

/// Makes a plan for the members of a workspace.
///
/// `grants_role` names a role of the workspace that is marked `granted_by_plan`, and that grants no more than the caller
/// holds.
#[utoipa::path(
    post,
    path = "/plans",
    tag = "plans",
    operation_id = "create_plan",
    request_body = NewPlan,
    responses((status = 201, description = "The plan.", body = PlanView))
)]
pub async fn create_plan(
    guard: Creating<CreatePlan>,
    body: Body<NewPlan>,
    plans: Data<Plans>,
) -> Result<Created<PlanView>, Problem> {
    let new = body.valid()?;
    let permit = guard.permit_in(new.workspace.as_ref()).await?;
    Ok(plans.create(&permit, new).await?)
}
