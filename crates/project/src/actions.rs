//! What is done to projects, as types, and how the guard loads what it is done to.

mod money;

pub use money::{
    BillingTarget, BooksTarget, ClosePeriod, ManageBilling, OperationTarget, RecordOperation, ReopenPeriod,
    ReverseOperation, ViewBilling, ViewOperation, ViewOperations, ViewPeriods, ViewReport, ViewWorkspaceReport,
};
pub(crate) use money::{Records, Switched};

use kernel::{
    grant::Permission,
    guard::{Found, Identified, InWorkspace, Listing, Lookup, Sight, Target, Tenant},
    http::etag_of,
    ids::{ProjectId, WorkspaceId},
    listing::RELEVANCE,
    problem::Problem,
    trail::CAN_VIEW_AUDIT,
};

use crate::{
    Schema,
    dto::{ExportFilter, ProjectFilter},
    entity::projects,
    permissions::{self, CAN_VIEW_PRIVATE_PROJECTS, CAN_VIEW_PROJECTS},
    store,
    visibility::visible,
};

kernel::actions! {
    module Schema;
    /// Create a project in a workspace.
    CreateProject: permissions::CAN_CREATE_PROJECTS, on InWorkspace;
    /// See one project.
    ViewProject: CAN_VIEW_PROJECTS, on ProjectTarget;
    /// Change a project's fields.
    EditProject: permissions::CAN_EDIT_PROJECTS, on ProjectTarget;
    /// Delete a project.
    DeleteProject: permissions::CAN_DELETE_PROJECTS, on ProjectTarget;
    /// Let a project take changes again.
    ActivateProject: permissions::CAN_EDIT_PROJECTS, on ProjectTarget;
    /// Let a project take no changes any more.
    DeactivateProject: permissions::CAN_EDIT_PROJECTS, on ProjectTarget;
    /// Hand a project over: for its owner, and for whom `can_edit_projects` reaches everything. Those who merely take
    /// part can't take it from its owner, though their scope may let them edit it.
    ChangeOwner: permissions::CAN_EDIT_PROJECTS, on ProjectTarget;
    /// Read what happened to a project.
    ViewProjectAudit: CAN_VIEW_AUDIT, on ProjectTarget;
    /// See who takes part in a project.
    ViewMembers: CAN_VIEW_PROJECTS, on Participants;
    /// Let someone take part in a project.
    AddMember: permissions::CAN_MANAGE_PROJECT_MEMBERS, on Participants;
    /// Switch someone's part on or off.
    UpdateMember: permissions::CAN_MANAGE_PROJECT_MEMBERS, on Participants;
    /// Let someone no longer take part.
    RemoveMember: permissions::CAN_MANAGE_PROJECT_MEMBERS, on Participants;
}

/// The list of projects.
#[derive(Debug)]
pub struct ProjectList;

impl Listing for ProjectList {
    type Module = Schema;
    type Filter = ProjectFilter;
    const PERMISSION: &'static Permission = &CAN_VIEW_PROJECTS;
    const SORTS: &'static [&'static str] = SORTS;

    fn default_sort(filter: &ProjectFilter) -> &'static str {
        default_sort(filter)
    }
}

/// The same list, as a file.
#[derive(Debug)]
pub struct ProjectExport;

impl Listing for ProjectExport {
    type Module = Schema;
    type Filter = ExportFilter;
    const PERMISSION: &'static Permission = &CAN_VIEW_PROJECTS;
    const SORTS: &'static [&'static str] = SORTS;

    fn default_sort(filter: &ExportFilter) -> &'static str {
        default_sort(&filter.projects)
    }
}

const SORTS: &[&str] = &["-created_at", "created_at", "name", "-name", "-updated_at", RELEVANCE];

fn default_sort(filter: &ProjectFilter) -> &'static str {
    if filter.searched().is_some() { RELEVANCE } else { "-created_at" }
}

/// Lists whose rows are projects.
pub(crate) trait OfProjects: Listing<Module = Schema> {
    /// Which projects.
    fn projects(filter: &Self::Filter) -> &ProjectFilter;
}

impl OfProjects for ProjectList {
    fn projects(filter: &ProjectFilter) -> &ProjectFilter {
        filter
    }
}

impl OfProjects for ProjectExport {
    fn projects(filter: &ExportFilter) -> &ProjectFilter {
        &filter.projects
    }
}

/// The project that the path names by `{id}`.
#[derive(Debug)]
pub struct ProjectTarget {
    row: projects::Model,
}

impl Target for ProjectTarget {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        find(lookup, |row| Self { row }).await
    }

    fn visible(&self, sight: &Sight<'_>) -> bool {
        is_visible(&self.row, sight)
    }

    fn etag(&self) -> Option<String> {
        Some(etag_of(self.row.version))
    }
}

impl Tenant for ProjectTarget {
    fn workspace(&self) -> WorkspaceId {
        self.row.workspace_id
    }
}

/// Those who take part in the project that the path names by `{id}`. Its entity tag is not theirs: each has their own.
#[derive(Debug)]
pub struct Participants {
    row: projects::Model,
}

impl Target for Participants {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        find(lookup, |row| Self { row }).await
    }

    fn visible(&self, sight: &Sight<'_>) -> bool {
        is_visible(&self.row, sight)
    }
}

impl Tenant for Participants {
    fn workspace(&self) -> WorkspaceId {
        self.row.workspace_id
    }
}

/// Loads the project with the caller's relation to it, in one statement.
async fn find<T>(lookup: &Lookup<'_>, target: fn(projects::Model) -> T) -> Result<Option<Found<T>>, Problem> {
    let id: ProjectId = lookup.key("id")?;
    let located = store::find(lookup, id).await?;
    Ok(located.map(|located| {
        let relation = located.relation(lookup.caller().user);
        let workspace = located.row.workspace_id;
        Found::in_workspace(target(located.row), workspace, relation)
    }))
}

fn is_visible(row: &projects::Model, sight: &Sight<'_>) -> bool {
    let (reached, private) = (sight.holds(&CAN_VIEW_PROJECTS), sight.holds(&CAN_VIEW_PRIVATE_PROJECTS));
    visible(reached, private, sight.relation(), row.is_public)
}

/// A target that was loaded as a project.
pub(crate) trait OfProject: Tenant {
    /// The project as the guard loaded it.
    fn project(&self) -> &projects::Model;
}

impl OfProject for ProjectTarget {
    fn project(&self) -> &projects::Model {
        &self.row
    }
}

impl OfProject for Participants {
    fn project(&self) -> &projects::Model {
        &self.row
    }
}

/// Actions that change a project or who takes part in it, and so lock its row first.
pub(crate) trait Locks: Identified<Target: OfProject> {}

impl Locks for EditProject {}
impl Locks for DeleteProject {}
impl Locks for ActivateProject {}
impl Locks for DeactivateProject {}
impl Locks for ChangeOwner {}
impl Locks for AddMember {}
impl Locks for UpdateMember {}
impl Locks for RemoveMember {}

/// Actions that switch a project on or off.
pub(crate) trait Switches: Locks<Target = ProjectTarget> {
    /// To which of the two.
    const TO_ACTIVE: bool;
}

impl Switches for ActivateProject {
    const TO_ACTIVE: bool = true;
}

impl Switches for DeactivateProject {
    const TO_ACTIVE: bool = false;
}

/// Actions on one member of a project.
pub(crate) trait OnMember: Locks<Target = Participants> {}

impl OnMember for AddMember {}
impl OnMember for UpdateMember {}
impl OnMember for RemoveMember {}
