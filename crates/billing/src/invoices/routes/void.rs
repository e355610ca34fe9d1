//! `POST /invoices/{id}/void`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Tagged, problem::Problem};

use crate::invoices::{InvoiceId, InvoiceView, Invoices, VoidInvoice};

/// Takes an invoice back.
///
/// What rested on it ends. A paid one stays: 409 `invoice_status`. For who sold it, never for who is to pay it.
#[utoipa::path(
    post,
    path = "/invoices/{id}/void",
    tag = "invoices",
    operation_id = "void_invoice",
    params(("id" = InvoiceId, Path, description = "The invoice.")),
    responses((status = 200, description = "The invoice.", body = InvoiceView))
)]
pub async fn void_invoice(
    guard: Guarded<VoidInvoice>,
    invoices: Data<Invoices>,
) -> Result<Tagged<InvoiceView>, Problem> {
    Ok(invoices.void(guard.permit()).await?)
}
