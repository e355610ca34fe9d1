//! `GET /users/me/invitations`.

use actix_web::web::Data;
use kernel::{
    guard::{Guarded, SignedIn},
    http::Paging,
    page::Page,
    problem::Problem,
};

use crate::{
    Schema,
    dto::{MineFilter, WaitingInvitation},
    service::Workspaces,
};

/// Lists what the caller is invited to, the oldest first.
///
/// By their account, and by their e-mail address once they have shown that it is theirs.
#[utoipa::path(
    get,
    path = "/users/me/invitations",
    tag = "invitations",
    operation_id = "list_my_invitations",
    params(
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 200, description = "Items on a page; 50 by default."),
        ("cursor" = Option<String>, Query, description = "Where to go on: `next` of the page before."),
    ),
    responses((status = 200, description = "A page of invitations.", body = Page<WaitingInvitation>))
)]
pub async fn list_my_invitations(
    guard: Guarded<SignedIn<Schema>>,
    paging: Paging<MineFilter>,
    workspaces: Data<Workspaces>,
) -> Result<Page<WaitingInvitation>, Problem> {
    workspaces.my_invitations(guard.permit(), &paging).await
}
