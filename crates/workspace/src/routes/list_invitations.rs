//! `GET /workspaces/{id}/invitations`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Paging, page::Page, problem::Problem};

use crate::{
    actions::ListInvitations,
    dto::{InvitationFilter, InvitationView},
    service::Workspaces,
};

/// Lists a workspace's invitations, the newest first.
#[utoipa::path(
    get,
    path = "/workspaces/{id}/invitations",
    tag = "invitations",
    operation_id = "list_invitations",
    params(
        ("id" = String, Path, description = "The workspace: its id or slug."),
        InvitationFilter,
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 200, description = "Items on a page; 50 by default."),
        ("cursor" = Option<String>, Query, description = "Where to go on: `next` of the page before."),
        ("count" = Option<bool>, Query, description = "Whether to count all of them, up to 10,000."),
    ),
    responses((status = 200, description = "A page of invitations.", body = Page<InvitationView>))
)]
pub async fn list_invitations(
    guard: Guarded<ListInvitations>,
    paging: Paging<InvitationFilter>,
    workspaces: Data<Workspaces>,
) -> Result<Page<InvitationView>, Problem> {
    workspaces.invitations(guard.permit(), &paging).await
}
