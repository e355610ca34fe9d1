//! `GET /users/{id}`

use kernel::{guard::Guarded, http::Tagged, ids::UserId, problem::Problem};

use crate::{actions::ViewAccount, dto::UserView, permissions::CAN_VIEW_USERS};

/// An account.
///
/// One's own, or that of someone with whom one shares a workspace, if one's role lets one see it.
#[utoipa::path(get, path = "/users/{id}", tag = "users", operation_id = "view_user",
    params(("id" = UserId, Path, description = "The account")),
    responses((status = 200, description = "The account", body = UserView)))]
pub async fn view_user(guard: Guarded<ViewAccount>) -> Result<Tagged<UserView>, Problem> {
    let permit = guard.permit();
    let row = permit.target().0.clone();
    let with_email = permit.holds(&CAN_VIEW_USERS);
    // A platform role sees everything; a token may leave less of it.
    if row.id == permit.caller() || (permit.is_platform() && with_email) {
        return Ok(Tagged::new(row.version, UserView::full(row)));
    }
    Ok(Tagged::new(row.version, UserView::seen(row, with_email, permit.place())))
}
