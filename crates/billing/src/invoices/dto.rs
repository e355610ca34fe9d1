//! Invoices, on their way in and out.

use chrono::{DateTime, Utc};
use kernel::{
    authority::WorkspaceRef,
    ids::{UserId, WorkspaceId},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{InvoiceId, store::Invoice};
use crate::{
    plans::is_currency,
    subscriptions::{LineView, SubscriptionId},
};

/// How an invoice stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InvoiceStatus {
    /// Being written; without a number.
    Draft,
    /// To be paid.
    Finalised,
    /// Paid.
    Paid,
    /// Taken back.
    Void,
}

impl InvoiceStatus {
    /// The word for it in JSON and in the database.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Finalised => "finalised",
            Self::Paid => "paid",
            Self::Void => "void",
        }
    }

    pub(crate) fn of(word: &str) -> Self {
        match word {
            "finalised" => Self::Finalised,
            "paid" => Self::Paid,
            "void" => Self::Void,
            _ => Self::Draft,
        }
    }
}

/// An invoice.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Invoice)]
pub struct InvoiceView {
    /// Its identity.
    pub id: InvoiceId,
    /// The workspace in which it lies.
    pub workspace_id: WorkspaceId,
    /// Whether the platform sold it to the workspace; else the workspace did to a member.
    pub by_platform: bool,
    /// Whom it is for; null where that is the workspace.
    pub user_id: Option<UserId>,
    /// What it is a bill of; null where somebody wrote it.
    pub subscription_id: Option<SubscriptionId>,
    /// How it stands.
    pub status: InvoiceStatus,
    /// Its number among the seller's, which have no gaps; null for a draft.
    pub number: Option<i64>,
    /// In which currency (ISO 4217).
    pub currency: String,
    /// What for.
    pub lines: Vec<LineView>,
    /// What they sum to, in minor units.
    pub total: i64,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it got its number.
    pub finalised_at: Option<DateTime<Utc>>,
    /// When it was paid.
    pub paid_at: Option<DateTime<Utc>>,
    /// When it was taken back.
    pub voided_at: Option<DateTime<Utc>>,
}

impl From<&Invoice> for InvoiceView {
    fn from(row: &Invoice) -> Self {
        Self {
            id: row.id,
            workspace_id: row.workspace_id,
            by_platform: row.seller_id == super::PLATFORM,
            user_id: row.user_id,
            subscription_id: row.bill.map(|(subscription, _)| subscription),
            status: row.status,
            number: row.number,
            currency: row.currency.clone(),
            lines: row.lines.clone(),
            total: row.total,
            created_at: row.created_at,
            finalised_at: row.finalised_at,
            paid_at: row.paid_at,
            voided_at: row.voided_at,
        }
    }
}

/// A line of an invoice that somebody writes.
#[derive(Clone, Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewInvoiceLine)]
pub struct NewLine {
    /// What for, 1–300 characters.
    #[validate(length(min = 1, max = 300))]
    #[schema(min_length = 1, max_length = 300)]
    pub description: String,
    /// In minor units; negative for what is credited.
    #[validate(range(min = -1_000_000_000_000_i64, max = 1_000_000_000_000_i64))]
    pub amount: i64,
}

/// An invoice to write, for something that no subscription bills.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInvoice {
    /// Who sells; may be left out by someone who belongs to exactly one workspace.
    pub workspace: Option<WorkspaceRef>,
    /// Whom it is for: an active member of the workspace.
    pub user_id: UserId,
    /// In which currency (ISO 4217).
    #[validate(custom(function = is_currency))]
    #[schema(pattern = "^[A-Z]{3}$", examples("EUR"))]
    pub currency: String,
    /// What for: 1–100 lines that sum to more than nothing.
    #[validate(nested, length(min = 1, max = 100))]
    #[schema(min_items = 1, max_items = 100)]
    pub lines: Vec<NewLine>,
}

/// Which invoices to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct InvoiceFilter {
    /// Those that stand so.
    pub status: Option<InvoiceStatus>,
    /// Those of this subscription.
    #[param(value_type = Option<String>)]
    pub subscription: Option<SubscriptionId>,
}
