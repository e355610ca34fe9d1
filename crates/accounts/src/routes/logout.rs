//! `POST /auth/logout`

use actix_web::web::Data;
use kernel::{guard::Guarded, http::NoContent, problem::Problem};

use crate::{actions::SignOut, service::Accounts};

/// Signs out.
///
/// Ends the session that the access token belongs to; its tokens stop working within a second everywhere.
#[utoipa::path(post, path = "/auth/logout", tag = "auth", operation_id = "logout",
    responses((status = 204, description = "Signed out")))]
pub async fn logout(guard: Guarded<SignOut>, accounts: Data<Accounts>) -> Result<NoContent, Problem> {
    Ok(accounts.sign_out(guard.permit()).await?)
}
