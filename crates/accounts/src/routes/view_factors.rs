//! `GET /users/me/mfa`

use actix_web::web::{Data, Json};
use kernel::{guard::Guarded, problem::Problem};

use crate::{actions::ViewFactors, dto::FactorsView, service::Accounts};

/// One's second factor.
#[utoipa::path(get, path = "/users/me/mfa", tag = "auth", operation_id = "view_mfa",
    responses((status = 200, description = "Whether there is one, and what is left", body = FactorsView)))]
pub async fn view_factors(guard: Guarded<ViewFactors>, accounts: Data<Accounts>) -> Result<Json<FactorsView>, Problem> {
    Ok(Json(accounts.factors(guard.permit()).await?))
}
