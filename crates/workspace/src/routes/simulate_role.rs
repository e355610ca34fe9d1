//! `POST /roles/{id}/simulate`.

use actix_web::{http::StatusCode, web::Data};
use kernel::{
    guard::Guarded,
    http::{Body, Done},
    ids::RoleId,
    problem::Problem,
};

use crate::{
    actions::SimulateRole,
    dto::{Simulation, SimulationView},
    service::Workspaces,
};

/// Tells what another document would do: who gains and loses which permission, how many resources that touches, and
/// whether the change would be refused. Nothing changes.
///
/// It takes `can_view_members` besides `can_manage_roles`, because it names them.
#[utoipa::path(
    post,
    path = "/roles/{id}/simulate",
    tag = "roles",
    operation_id = "simulate_role",
    params(
        ("id" = RoleId, Path, description = "The role.")
    ),
    request_body = Simulation,
    responses((status = 200, description = "What would change.", body = SimulationView))
)]
pub async fn simulate_role(
    guard: Guarded<SimulateRole>,
    body: Body<Simulation>,
    workspaces: Data<Workspaces>,
) -> Result<Done<SimulationView>, Problem> {
    let view = workspaces.simulate_role(guard.permit(), body.valid()?).await?;
    Ok(Done { status: StatusCode::OK, view })
}
