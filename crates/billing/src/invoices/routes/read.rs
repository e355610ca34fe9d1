//! `GET /invoices/{id}`.

use kernel::{guard::Guarded, http::Tagged, problem::Problem};

use crate::invoices::{InvoiceId, InvoiceView, ViewInvoice};

/// Shows an invoice.
#[utoipa::path(
    get,
    path = "/invoices/{id}",
    tag = "invoices",
    operation_id = "read_invoice",
    params(("id" = InvoiceId, Path, description = "The invoice.")),
    responses((status = 200, description = "The invoice.", body = InvoiceView))
)]
pub async fn read_invoice(guard: Guarded<ViewInvoice>) -> Result<Tagged<InvoiceView>, Problem> {
    let row = guard.permit().target().invoice();
    Ok(Tagged::new(row.version, InvoiceView::from(row)))
}
