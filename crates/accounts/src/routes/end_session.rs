//! `DELETE /auth/sessions/{id}`

use actix_web::web::Data;
use kernel::{guard::Guarded, http::NoContent, ids::SessionId, problem::Problem};

use crate::{actions::EndSession, service::Accounts};

/// Ends one of one's sessions.
#[utoipa::path(delete, path = "/auth/sessions/{id}", tag = "auth", operation_id = "end_session",
    params(("id" = SessionId, Path, description = "The session")),
    responses((status = 204, description = "Ended")))]
pub async fn end_session(guard: Guarded<EndSession>, accounts: Data<Accounts>) -> Result<NoContent, Problem> {
    accounts.end_session(guard.permit()).await?;
    Ok(NoContent)
}
