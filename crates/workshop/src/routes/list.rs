//! `GET /workshops`.

use actix_web::web::Data;
use kernel::{guard::Scoped, page::Page, problem::Problem};

use crate::{
    actions::WorkshopList,
    dto::{WorkshopFilter, WorkshopView},
    service::Workshops,
};

/// Lists workshops.
///
/// Of one workspace, or of all that the caller belongs to: exactly those that they may open. Drafts are shown to whoever
/// made them, and to whom `can_edit_workshops` reaches all.
#[utoipa::path(
    get,
    path = "/workshops",
    tag = "workshops",
    operation_id = "list_workshops",
    params(
        WorkshopFilter,
        ("workspace" = Option<String>, Query, description = "Of this workspace only: its id or slug."),
        ("sort" = Option<String>, Query, description = "One of `-created_at` (the default), `created_at`, `starts_at` \
            (the default with `upcoming=true`), `-starts_at`, `title`, `-title`, `relevance` (the default of a search)."),
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 200, description = "Workshops on a page; 50 by default."),
        ("cursor" = Option<String>, Query, description = "Where to go on: `next` of the page before."),
        ("count" = Option<bool>, Query, description = "Whether to count all of them, up to 10,000."),
    ),
    responses((status = 200, description = "A page of workshops.", body = Page<WorkshopView>))
)]
pub async fn list_workshops(
    scoped: Scoped<WorkshopList>,
    workshops: Data<Workshops>,
) -> Result<Page<WorkshopView>, Problem> {
    Ok(workshops.list(&scoped).await?)
}
