//! `POST /invoices/{id}/finalise`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Tagged, problem::Problem};

use crate::invoices::{FinaliseInvoice, InvoiceId, InvoiceView, Invoices};

/// Gives an invoice its number.
///
/// The next of the seller's, without a gap. From now on what it says stays. For who sold it, never for who is to pay it.
#[utoipa::path(
    post,
    path = "/invoices/{id}/finalise",
    tag = "invoices",
    operation_id = "finalise_invoice",
    params(("id" = InvoiceId, Path, description = "The invoice.")),
    responses((status = 200, description = "The invoice.", body = InvoiceView))
)]
pub async fn finalise_invoice(
    guard: Guarded<FinaliseInvoice>,
    invoices: Data<Invoices>,
) -> Result<Tagged<InvoiceView>, Problem> {
    Ok(invoices.finalise(guard.permit()).await?)
}
