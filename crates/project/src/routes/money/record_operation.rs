//! `POST /projects/{id}/operations`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Created, ids::ProjectId, problem::Problem};

use super::operation_body::OperationBody;
use crate::{
    actions::RecordOperation,
    dto::{NewOperation, OperationForm, OperationView},
    service::Finances,
};

/// Records a deposit, withdrawal, invoice or refund.
///
/// As JSON, or as a form when a file is to show that it happened (part `proof`: a PDF, JPEG, PNG or WebP, at most 10 MiB).
/// The amount is in minor units of the project's currency. What it does to the books is posted to the ledger with it:
/// an invoice adds to what is owed, a deposit takes from that and adds to what lies there, refunds and withdrawals take
/// from what lies there. It is never changed; `POST /operations/{id}/reversal` takes it back.
///
/// `Idempotency-Key` is required: without it 400 `idempotency_key_required`. Repeated with the same key, the first answer
/// comes again; when that is kept no longer (48 hours), 409 `recorded_before` with `operation_id`.
///
/// Invoices beyond the budget, and withdrawals beyond it, are refused: 409 `budget_exceeded` with `limit`, `used` and
/// `currency`, unless `allow_over_budget` says that they may be, which takes `can_manage_project_billing`. A day in a closed
/// month: 409 `period_closed`. An invoice of a project that isn't billed: 409 `not_billable`. An inactive project: 409
/// `project_inactive`.
#[utoipa::path(
    post,
    path = "/projects/{id}/operations",
    tag = "money",
    operation_id = "record_operation",
    params(
        ("id" = ProjectId, Path, description = "The project."),
        ("Idempotency-Key" = String, Header, description = "What makes it safe to repeat; another for each operation."),
    ),
    request_body(content((NewOperation = "application/json"), (OperationForm = "multipart/form-data"))),
    responses((status = 201, description = "The operation.", body = OperationView))
)]
pub async fn record_operation(
    guard: Guarded<RecordOperation>,
    body: OperationBody,
    finances: Data<Finances>,
) -> Result<Created<OperationView>, Problem> {
    let permit = guard.permit();
    let (new, proof) = body.receive(permit.facts()).await?;
    Ok(finances.record(permit, new, proof).await?)
}
