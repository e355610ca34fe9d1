//! `POST /operations/{id}/reversal`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::{Body, Created},
    problem::Problem,
};

use crate::{
    actions::ReverseOperation,
    dto::{NewReversal, OperationView},
    money::OperationId,
    service::Finances,
};

/// Takes a financial operation back.
///
/// An operation of its own, which posts the same to the ledger with the sides changed; what was invoiced is then
/// `credited`. Once: the second time it is 409 `already_reversed`. A reversal can't be taken back: 409 `not_reversible`. The
/// body may be left out.
#[utoipa::path(
    post,
    path = "/operations/{id}/reversal",
    tag = "money",
    operation_id = "reverse_operation",
    params(("id" = OperationId, Path, description = "The operation.")),
    request_body(content = Option<NewReversal>),
    responses((status = 201, description = "The reversal.", body = OperationView))
)]
pub async fn reverse_operation(
    guard: Guarded<ReverseOperation>,
    body: Body<NewReversal>,
    finances: Data<Finances>,
) -> Result<Created<OperationView>, Problem> {
    Ok(finances.reverse(guard.permit(), body.valid_or_default()?).await?)
}
