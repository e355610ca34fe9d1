//! `POST /workshops`.

use actix_web::web::Data;
use kernel::{
    guard::Creating,
    http::{Body, Created},
    problem::Problem,
};

use crate::{
    actions::CreateWorkshop,
    dto::{NewWorkshop, WorkshopView},
    service::Workshops,
};

/// Creates a workshop.
///
/// It is the caller's. As a draft, unless it is to be published at once.
#[utoipa::path(
    post,
    path = "/workshops",
    tag = "workshops",
    operation_id = "create_workshop",
    request_body = NewWorkshop,
    responses((status = 201, description = "The workshop.", body = WorkshopView))
)]
pub async fn create_workshop(
    guard: Creating<CreateWorkshop>,
    body: Body<NewWorkshop>,
    workshops: Data<Workshops>,
) -> Result<Created<WorkshopView>, Problem> {
    let new = body.valid()?;
    let permit = guard.permit_in(new.workspace.as_ref()).await?;
    Ok(workshops.create(&permit, new).await?)
}
