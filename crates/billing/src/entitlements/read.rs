//! `GET /entitlements`.

use actix_web::{http::StatusCode, web::Data};
use kernel::{guard::Scoped, http::Done, problem::Problem};

use super::{Entitlements, EntitlementsOf, EntitlementsView};

/// Shows what the caller may use in a workspace.
///
/// By their role, by what they subscribed to and by what the workspace did, with how much of it is used.
#[utoipa::path(
    get,
    path = "/entitlements",
    tag = "subscriptions",
    operation_id = "read_entitlements",
    params(("workspace" = Option<String>, Query, description = "Where: its id or slug; may be left out by someone who \
        belongs to exactly one.")),
    responses((status = 200, description = "What they may use.", body = EntitlementsView))
)]
pub async fn read_entitlements(
    scoped: Scoped<EntitlementsOf>,
    entitlements: Data<Entitlements>,
) -> Result<Done<EntitlementsView>, Problem> {
    Ok(Done { status: StatusCode::OK, view: entitlements.of(&scoped).await? })
}
