//! Financial operations, on their way in and out.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use kernel::{
    ids::{ProjectId, UserId, WorkspaceId},
    money::MAX_AMOUNT,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

use super::billing::exponent;
use crate::money::{Operation, OperationId};

/// What happened with a project's money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OperationKind {
    /// The client paid.
    Deposit,
    /// Money was taken out.
    Withdrawal,
    /// The client was billed.
    Invoice,
    /// Money was given back to the client.
    Refund,
    /// Another operation was taken back.
    Reversal,
}

impl OperationKind {
    /// As it is kept.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Deposit => "deposit",
            Self::Withdrawal => "withdrawal",
            Self::Invoice => "invoice",
            Self::Refund => "refund",
            Self::Reversal => "reversal",
        }
    }
}

/// What can be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecordedKind {
    /// The client pays: what is owed is less, what lies there more.
    Deposit,
    /// Money is taken out of what lies there.
    Withdrawal,
    /// The client is billed: more is owed.
    Invoice,
    /// Money is given back to the client; what is owed stays.
    Refund,
}

impl From<RecordedKind> for OperationKind {
    fn from(kind: RecordedKind) -> Self {
        match kind {
            RecordedKind::Deposit => Self::Deposit,
            RecordedKind::Withdrawal => Self::Withdrawal,
            RecordedKind::Invoice => Self::Invoice,
            RecordedKind::Refund => Self::Refund,
        }
    }
}

/// A file that shows that an operation happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = OperationProof)]
pub struct ProofView {
    /// Its type, told by its bytes.
    pub media_type: String,
    /// What it was called; null if nobody said.
    pub name: Option<String>,
    /// Its length.
    pub bytes: i64,
}

/// A financial operation of a project. It is never changed; it can be taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Operation)]
pub struct OperationView {
    /// Its identity, also that of what it posted to the ledger.
    pub id: OperationId,
    /// Where.
    pub workspace_id: WorkspaceId,
    /// Of which project.
    pub project_id: ProjectId,
    /// What happened.
    #[serde(rename = "type")]
    pub kind: OperationKind,
    /// How much, in minor units of the currency.
    pub amount: i64,
    /// In which currency (ISO 4217): the project's.
    pub currency: String,
    /// How many digits of the amount are behind the point.
    pub exponent: u8,
    /// What for; empty if nobody said.
    pub description: String,
    /// The day it counts for.
    pub occurred_on: NaiveDate,
    /// Whether it went beyond the budget, because someone who may said so.
    pub over_budget: bool,
    /// The operation that this one takes back.
    pub reverses: Option<OperationId>,
    /// The operation that took this one back.
    pub reversed_by: Option<OperationId>,
    /// The file that shows that it happened; read at `/operations/{id}/proof`.
    pub proof: Option<ProofView>,
    /// When it was recorded.
    pub created_at: DateTime<Utc>,
    /// Who recorded it.
    pub created_by: UserId,
}

impl From<Operation> for OperationView {
    fn from(operation: Operation) -> Self {
        let Operation { proof_type, proof_name, proof_bytes, .. } = operation;
        let proof = proof_type.zip(proof_bytes);
        let proof = proof.map(|(media_type, bytes)| ProofView { media_type, name: proof_name, bytes });
        Self {
            id: operation.id,
            workspace_id: operation.workspace_id,
            project_id: operation.project_id,
            kind: operation.kind,
            amount: operation.amount,
            exponent: exponent(&operation.currency),
            currency: operation.currency,
            description: operation.description,
            occurred_on: operation.occurred_on,
            over_budget: operation.over_budget,
            reverses: operation.reverses,
            reversed_by: operation.reversed_by,
            proof,
            created_at: operation.recorded_at,
            created_by: operation.recorded_by,
        }
    }
}

/// A financial operation to record.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOperation {
    /// What happened.
    #[serde(rename = "type")]
    pub kind: RecordedKind,
    /// How much, in minor units of the project's currency.
    #[validate(range(min = 1, max = MAX_AMOUNT))]
    #[schema(minimum = 1, maximum = 1_000_000_000_000_000_i64, examples(12_000))]
    pub amount: i64,
    /// What for, at most 2,000 characters.
    #[serde(default)]
    #[validate(length(max = 2000))]
    #[schema(max_length = 2000)]
    pub description: String,
    /// The day it counts for; today (UTC) when left out.
    #[validate(custom(function = is_plausible))]
    #[schema(examples("2026-03-31"))]
    pub occurred_on: Option<NaiveDate>,
    /// Whether it may go beyond the budget. Takes `can_manage_project_billing`.
    #[serde(default)]
    pub allow_over_budget: bool,
}

/// The same as a form, with the file that shows it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct OperationForm {
    /// What happened.
    #[schema(value_type = RecordedKind)]
    r#type: RecordedKind,
    /// How much, in minor units of the project's currency.
    amount: i64,
    /// What for, at most 2,000 characters.
    description: Option<String>,
    /// The day it counts for; today (UTC) when left out.
    occurred_on: Option<NaiveDate>,
    /// Whether it may go beyond the budget: `true` or `false`.
    allow_over_budget: Option<bool>,
    /// A PDF, JPEG, PNG or WebP, at most 10 MiB.
    #[schema(value_type = Option<String>, format = Binary)]
    proof: Option<Vec<u8>>,
}

/// How an operation is taken back.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NewReversal {
    /// Why, at most 2,000 characters.
    #[validate(length(max = 2000))]
    #[schema(max_length = 2000)]
    pub description: String,
    /// The day it counts for; today (UTC) when left out.
    #[validate(custom(function = is_plausible))]
    pub occurred_on: Option<NaiveDate>,
}

/// A day that books may have.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "validator hands over a reference")]
fn is_plausible(day: &NaiveDate) -> Result<(), ValidationError> {
    if (1900..=2999).contains(&day.year()) {
        return Ok(());
    }
    Err(ValidationError::new("date").with_message("It takes a day of the years 1900 to 2999.".into()))
}

/// Which operations to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OperationFilter {
    /// Of this kind only.
    #[serde(rename = "type")]
    pub kind: Option<OperationKind>,
    /// That count for this day or a later one.
    #[serde(deserialize_with = "kernel::http::dated")]
    pub from: Option<NaiveDate>,
    /// That count for this day or an earlier one.
    #[serde(deserialize_with = "kernel::http::dated")]
    pub to: Option<NaiveDate>,
}
