//! Projects of a workspace, the people who take part in them, and their money.
//!
//! A project is owned by one member and may have others take part. Who sees it follows from that relation, from whether
//! it is public, and from the caller's role.

mod actions;
mod content;
mod dto;
mod entity;
mod error;
mod events;
mod key;
mod money;
mod participation;
mod permissions;
mod portfolio;
pub mod ports;
mod posting;
pub mod provision;
mod routes;
mod service;
mod store;
mod subject;
mod visibility;

use kernel::{db::Module, http::Routes};

pub use actions::{
    ActivateProject, AddMember, BillingTarget, BooksTarget, ChangeOwner, ClosePeriod, CreateProject, DeactivateProject,
    DeleteProject, EditProject, ManageBilling, OperationTarget, Participants, ProjectExport, ProjectList,
    ProjectTarget, RecordOperation, RemoveMember, ReopenPeriod, ReverseOperation, UpdateMember, ViewBilling,
    ViewMembers, ViewOperation, ViewOperations, ViewPeriods, ViewProject, ViewProjectAudit, ViewReport,
    ViewWorkspaceReport,
};
pub use dto::{
    Amounts, AsOf, Avatar, BillingContent, BillingKind, BillingView, CurrencyCode, CurrencyTotal, ExportFilter, Format,
    Group, GroupBy, GroupProject, MemberFilter, MemberPatch, MemberView, Month, NewMember, NewOperation, NewOwner,
    NewProject, NewReversal, OperationFilter, OperationKind, OperationView, PeriodFilter, PeriodView, ProjectContent,
    ProjectFilter, ProjectPatch, ProjectView, RecordedKind, Report, ReportFilter,
};
pub use error::ProjectError;
pub use events::*;
pub use money::OperationId;
pub use participation::Participation;
pub use permissions::*;
pub use portfolio::{Portfolio, PortfolioProject};
pub use posting::Posting;
pub use service::{Finances, Projects};
pub use subject::{OPERATIONS, PROJECTS};

/// The module: its schema is `project`.
#[derive(Debug)]
pub struct Schema;

impl Module for Schema {
    const NAME: &'static str = "project";
}

/// Everything the module answers to.
pub fn routes() -> Routes {
    routes::all()
}
