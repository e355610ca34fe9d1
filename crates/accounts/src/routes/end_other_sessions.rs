//! `DELETE /auth/sessions`

use actix_web::web::Data;
use kernel::{guard::Guarded, http::NoContent, problem::Problem};

use crate::{actions::EndOtherSessions, service::Accounts};

/// Ends all of one's sessions but the one in use.
#[utoipa::path(delete, path = "/auth/sessions", tag = "auth", operation_id = "end_other_sessions",
    responses((status = 204, description = "Ended")))]
pub async fn end_other_sessions(
    guard: Guarded<EndOtherSessions>,
    accounts: Data<Accounts>,
) -> Result<NoContent, Problem> {
    accounts.end_other_sessions(guard.permit()).await?;
    Ok(NoContent)
}
