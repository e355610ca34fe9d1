//! `POST /invoices`.

use actix_web::web::Data;
use kernel::{
    guard::Creating,
    http::{Body, Created},
    problem::Problem,
};

use crate::invoices::{CreateInvoice, InvoiceView, Invoices, NewInvoice};

/// Writes an invoice.
///
/// For something that no subscription bills. It is a draft, without a number, until it is finalised.
#[utoipa::path(
    post,
    path = "/invoices",
    tag = "invoices",
    operation_id = "create_invoice",
    request_body = NewInvoice,
    responses((status = 201, description = "The draft.", body = InvoiceView))
)]
pub async fn create_invoice(
    guard: Creating<CreateInvoice>,
    body: Body<NewInvoice>,
    invoices: Data<Invoices>,
) -> Result<Created<InvoiceView>, Problem> {
    let new = body.valid()?;
    let permit = guard.permit_in(new.workspace.as_ref()).await?;
    Ok(invoices.create(&permit, new).await?)
}
