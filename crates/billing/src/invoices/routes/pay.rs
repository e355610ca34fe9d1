//! `POST /invoices/{id}/pay`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Tagged, problem::Problem};

use crate::invoices::{InvoiceId, InvoiceView, Invoices, PayInvoice};

/// Says that an invoice is paid.
///
/// What waited for it begins: the subscription, or the change of plan. For who sold it, never for who is to pay it.
#[utoipa::path(
    post,
    path = "/invoices/{id}/pay",
    tag = "invoices",
    operation_id = "pay_invoice",
    params(("id" = InvoiceId, Path, description = "The invoice.")),
    responses((status = 200, description = "The invoice.", body = InvoiceView))
)]
pub async fn pay_invoice(guard: Guarded<PayInvoice>, invoices: Data<Invoices>) -> Result<Tagged<InvoiceView>, Problem> {
    Ok(invoices.pay(guard.permit()).await?)
}
