//! `DELETE /users/me/tokens/{id}`

use actix_web::web::Data;
use kernel::{guard::Guarded, http::NoContent, ids::TokenId, problem::Problem};

use crate::{actions::RevokeToken, service::Accounts};

/// Revokes one of one's personal access tokens: it stops working at once.
#[utoipa::path(delete, path = "/users/me/tokens/{id}", tag = "auth", operation_id = "revoke_token",
    params(("id" = TokenId, Path, description = "The token")),
    responses((status = 204, description = "Revoked")))]
pub async fn revoke_token(guard: Guarded<RevokeToken>, accounts: Data<Accounts>) -> Result<NoContent, Problem> {
    accounts.revoke_token(guard.permit()).await?;
    Ok(NoContent)
}
