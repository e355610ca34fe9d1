//! What is done with the money of projects, as types, and how the guard loads what it is done to.

use kernel::{
    guard::{Action, Found, Identified, InWorkspace, Lookup, Sight, Target, Tenant},
    http::etag_of,
    ids::{ProjectId, WorkspaceId},
    problem::Problem,
};

use super::{Locks, OfProject, is_visible};
use crate::{
    Schema,
    entity::projects,
    money::{Operation, OperationId, Settings},
    permissions::{CAN_MANAGE_PROJECT_BILLING, CAN_RECORD_OPERATIONS, CAN_VIEW_OPERATIONS, CAN_VIEW_REPORTS},
    store,
};

kernel::actions! {
    module Schema;
    /// See how a project is billed.
    ViewBilling: CAN_VIEW_OPERATIONS, on BillingTarget;
    /// Say how a project is billed.
    ManageBilling: CAN_MANAGE_PROJECT_BILLING, on BillingTarget;
    /// See what was recorded of a project.
    ViewOperations: CAN_VIEW_OPERATIONS, on BooksTarget;
    /// Record a deposit, withdrawal, invoice or refund.
    RecordOperation: CAN_RECORD_OPERATIONS, on BooksTarget;
    /// See what a project's operations add up to.
    ViewReport: CAN_VIEW_REPORTS, on BooksTarget;
    /// See one operation and its proof.
    ViewOperation: CAN_VIEW_OPERATIONS, on OperationTarget;
    /// Take an operation back.
    ReverseOperation: CAN_RECORD_OPERATIONS, on OperationTarget;
    /// See what the operations of all projects add up to.
    ViewWorkspaceReport: CAN_VIEW_REPORTS, on InWorkspace;
    /// See which months are closed.
    ViewPeriods: CAN_VIEW_REPORTS, on InWorkspace;
    /// Close a month.
    ClosePeriod: CAN_MANAGE_PROJECT_BILLING, on InWorkspace;
    /// Let a closed month take operations again.
    ReopenPeriod: CAN_MANAGE_PROJECT_BILLING, on InWorkspace;
}

/// How the project is billed that the path names by `{id}`. Its entity tag is that of the billing, not the project's.
#[derive(Debug)]
pub struct BillingTarget {
    row: projects::Model,
    settings: Option<Settings>,
}

impl BillingTarget {
    /// How it is billed, if that was ever said.
    pub(crate) fn settings(&self) -> Option<&Settings> {
        self.settings.as_ref()
    }
}

/// The books of the project that the path names by `{id}`: what was recorded, and what it adds up to.
#[derive(Debug)]
pub struct BooksTarget {
    row: projects::Model,
    settings: Option<Settings>,
}

impl BooksTarget {
    /// How it is billed, if that was ever said.
    pub(crate) fn settings(&self) -> Option<&Settings> {
        self.settings.as_ref()
    }
}

impl Target for BillingTarget {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        find(lookup, |row, settings| Self { row, settings }).await
    }

    fn visible(&self, sight: &Sight<'_>) -> bool {
        is_visible(&self.row, sight)
    }

    fn etag(&self) -> Option<String> {
        Some(etag_of(self.settings.as_ref().map_or(0, |settings| settings.version)))
    }
}

impl Target for BooksTarget {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        find(lookup, |row, settings| Self { row, settings }).await
    }

    fn visible(&self, sight: &Sight<'_>) -> bool {
        is_visible(&self.row, sight)
    }
}

/// Loads the project with its billing and the caller's relation to it, in one statement.
async fn find<T>(
    lookup: &Lookup<'_>,
    target: fn(projects::Model, Option<Settings>) -> T,
) -> Result<Option<Found<T>>, Problem> {
    let id: ProjectId = lookup.key("id")?;
    let Some((located, settings)) = store::money::find_books(lookup, id).await? else { return Ok(None) };
    let relation = located.relation(lookup.caller().user);
    let workspace = located.row.workspace_id;
    Ok(Some(Found::in_workspace(target(located.row, settings), workspace, relation)))
}

/// The operation that the path names by `{id}`, with its project. Who doesn't see what was recorded of the project, to
/// them it isn't there.
#[derive(Debug)]
pub struct OperationTarget {
    row: projects::Model,
    operation: Operation,
}

impl OperationTarget {
    /// The operation.
    pub(crate) fn operation(&self) -> &Operation {
        &self.operation
    }
}

impl Target for OperationTarget {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let id: OperationId = lookup.key("id")?;
        let Some((located, operation)) = store::money::find_operation(lookup, id).await? else { return Ok(None) };
        let relation = located.relation(lookup.caller().user);
        let workspace = located.row.workspace_id;
        Ok(Some(Found::in_workspace(Self { row: located.row, operation }, workspace, relation)))
    }

    fn visible(&self, sight: &Sight<'_>) -> bool {
        is_visible(&self.row, sight) && sight.holds(&CAN_VIEW_OPERATIONS)
    }
}

macro_rules! of_project {
    ($($target:ty),+) => {$(
        impl Tenant for $target {
            fn workspace(&self) -> WorkspaceId {
                self.row.workspace_id
            }
        }

        impl OfProject for $target {
            fn project(&self) -> &projects::Model {
                &self.row
            }
        }
    )+};
}
of_project!(BillingTarget, BooksTarget, OperationTarget);

impl Locks for ManageBilling {}

/// Actions that add to the books of a project: many at a time may, so they share the project's row lock.
pub(crate) trait Records: Identified<Target: OfProject> {}

impl Records for RecordOperation {}
impl Records for ReverseOperation {}

/// Actions that close or reopen a month.
pub(crate) trait Switched: Identified + Action<Target = InWorkspace> {
    /// Which of the two.
    const TO_CLOSED: bool;
}

impl Switched for ClosePeriod {
    const TO_CLOSED: bool = true;
}

impl Switched for ReopenPeriod {
    const TO_CLOSED: bool = false;
}
