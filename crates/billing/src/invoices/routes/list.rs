//! `GET /invoices`.

use actix_web::web::Data;
use kernel::{guard::Scoped, page::Page, problem::Problem};

use crate::invoices::{InvoiceFilter, InvoiceList, InvoiceView, Invoices};

/// Lists invoices.
///
/// Of one workspace, or of all that the caller belongs to: exactly those that they may open, the newest first. Drafts are shown
/// to those who see all of the workspace's.
#[utoipa::path(
    get,
    path = "/invoices",
    tag = "invoices",
    operation_id = "list_invoices",
    params(
        InvoiceFilter,
        ("workspace" = Option<String>, Query, description = "Of this workspace only: its id or slug."),
        ("sort" = Option<String>, Query, description = "`-created_at`."),
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 200, description = "Rows on a page; 50 by default."),
        ("cursor" = Option<String>, Query, description = "Where to go on: `next` of the page before."),
    ),
    responses((status = 200, description = "A page of invoices.", body = Page<InvoiceView>))
)]
pub async fn list_invoices(
    scoped: Scoped<InvoiceList>,
    invoices: Data<Invoices>,
) -> Result<Page<InvoiceView>, Problem> {
    Ok(invoices.list(&scoped).await?)
}
