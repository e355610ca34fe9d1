//! What goes over the wire: bodies, views, filters.

mod avatar;
mod checks;
mod export;
mod filter;
mod member;
mod money;
mod project;

pub use avatar::Avatar;
pub use export::ExportFilter;
pub use filter::ProjectFilter;
pub use member::{MemberFilter, MemberPatch, MemberView, NewMember};
pub use money::{
    Amounts, AsOf, BillingContent, BillingKind, BillingView, CurrencyCode, CurrencyTotal, Format, Group, GroupBy,
    GroupProject, Month, NewOperation, NewReversal, OperationFilter, OperationKind, OperationView, PeriodFilter,
    PeriodView, RecordedKind, Report, ReportFilter,
};
pub(crate) use money::{OperationForm, Period};
pub use project::{NewOwner, NewProject, ProjectContent, ProjectPatch, ProjectView};
