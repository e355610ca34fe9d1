//! `GET /approvals`.

use actix_web::web::Data;
use kernel::{guard::Scoped, page::Page, problem::Problem};

use crate::{
    actions::ListPending,
    dto::{PendingView, QueueFilter},
    service::Images,
};

/// Lists what waits for a decision, the longest waiting first; or what was decided.
#[utoipa::path(
    get, path = "/approvals", tag = "approvals", operation_id = "list_pending_approvals",
    params(
        ("workspace" = Option<String>, Query, description = "One workspace, by id or slug; otherwise all of the caller's."),
        ("limit" = Option<u64>, Query, description = "Rows on a page, 1 to 200; 50 if left out."),
        ("cursor" = Option<String>, Query, description = "`next` of the page before."),
        ("count" = Option<bool>, Query, description = "Whether to count the rows, up to 10,000."),
        QueueFilter,
    ),
    responses((status = 200, description = "A page of submitted images.", body = Page<PendingView>)),
)]
pub async fn queue(scoped: Scoped<ListPending>, images: Data<Images>) -> Result<Page<PendingView>, Problem> {
    images.queue(&scoped).await
}
