//! `GET /plans`.

use actix_web::web::Data;
use kernel::{
    guard::{Guarded, Public},
    http::Query,
    page::Page,
    problem::Problem,
};

use crate::{
    Schema,
    plans::{PlanFilter, PlanView, Plans},
};

/// Lists what is for sale.
///
/// The price list: the platform's plans for workspaces, or those of a workspace for its members, the cheapest first. Open to
/// all. A workspace that there isn't sells nothing.
#[utoipa::path(
    get,
    path = "/plans",
    tag = "plans",
    operation_id = "list_plans",
    params(PlanFilter),
    responses((status = 200, description = "All of them, on one page.", body = Page<PlanView>))
)]
pub async fn list_plans(
    guard: Guarded<Public<Schema>>,
    query: Query<PlanFilter>,
    plans: Data<Plans>,
) -> Result<Page<PlanView>, Problem> {
    Ok(plans.list(guard.permit(), &query.0).await?)
}
