//! The money of projects: what is recorded, what it does to the ledger's accounts, what a report reads from them.

mod accounts;
mod reckoning;

use chrono::{DateTime, NaiveDate, Utc};
use kernel::ids::{ProjectId, UserId, WorkspaceId};
use serde::Deserialize;

pub(crate) use accounts::transfer_of;
pub(crate) use reckoning::{Figures, reckon};

use crate::dto::{BillingKind, OperationKind};

kernel::id_types! {
    /// A financial operation of a project.
    OperationId,
}

/// How a project is billed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Settings {
    /// None while nobody said.
    pub(crate) kind: Option<BillingKind>,
    pub(crate) rate: Option<i64>,
    pub(crate) budget: Option<i64>,
    pub(crate) currency: String,
    pub(crate) invoiced: i64,
    pub(crate) withdrawn: i64,
    pub(crate) version: i32,
    pub(crate) updated_at: DateTime<Utc>,
}

/// Something that was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Operation {
    pub(crate) id: OperationId,
    pub(crate) workspace_id: WorkspaceId,
    pub(crate) project_id: ProjectId,
    pub(crate) kind: OperationKind,
    pub(crate) amount: i64,
    pub(crate) currency: String,
    pub(crate) description: String,
    pub(crate) occurred_on: NaiveDate,
    pub(crate) over_budget: bool,
    pub(crate) recorded_at: DateTime<Utc>,
    pub(crate) recorded_by: UserId,
    pub(crate) reverses: Option<OperationId>,
    pub(crate) proof_type: Option<String>,
    pub(crate) proof_name: Option<String>,
    pub(crate) proof_bytes: Option<i64>,
    /// Which took it back, if one did.
    #[serde(default)]
    pub(crate) reversed_by: Option<OperationId>,
    /// Of a reversal: of what kind that was which it takes back.
    #[serde(default)]
    pub(crate) reversed_kind: Option<OperationKind>,
}
