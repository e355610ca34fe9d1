//! `GET /users/me`

use kernel::{guard::Guarded, http::Tagged, problem::Problem};

use crate::{actions::ViewMe, dto::UserView};

/// One's own account.
#[utoipa::path(get, path = "/users/me", tag = "users", operation_id = "view_me",
    responses((status = 200, description = "The account", body = UserView)))]
pub async fn view_me(guard: Guarded<ViewMe>) -> Result<Tagged<UserView>, Problem> {
    let row = guard.permit().target().0.clone();
    Ok(Tagged::new(row.version, UserView::full(row)))
}
