//! Money over the wire.

mod billing;
mod operation;
mod period;
mod report;

pub use billing::{BillingContent, BillingKind, BillingView};
pub(crate) use operation::OperationForm;
pub use operation::{NewOperation, NewReversal, OperationFilter, OperationKind, OperationView, RecordedKind};
pub(crate) use period::Period;
pub use period::{Month, PeriodFilter, PeriodView};
pub use report::{
    Amounts, AsOf, CurrencyCode, CurrencyTotal, Format, Group, GroupBy, GroupProject, Report, ReportFilter,
};
