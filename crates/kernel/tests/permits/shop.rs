// A domain in miniature, shared by the cases.

use kernel::{
    db::{Conn, Module},
    grant::{Permission, Relation},
    guard::{Found, Lookup, Permit, Sight, Target, Tenant},
    ids::WorkspaceId,
    problem::Problem,
};

pub struct Schema;

impl Module for Schema {
    const NAME: &'static str = "shop";
}

pub static VIEW: Permission = Permission::scoped("can_view_things", "View things");
pub static EDIT: Permission = Permission::scoped("can_edit_things", "Edit things");

pub struct Thing {
    pub workspace: WorkspaceId,
}

impl Target for Thing {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let workspace: WorkspaceId = lookup.key("id")?;
        Ok(Some(Found::in_workspace(Self { workspace }, workspace, Relation::Other)))
    }

    fn visible(&self, sight: &Sight<'_>) -> bool {
        sight.holds(&VIEW)
    }
}

impl Tenant for Thing {
    fn workspace(&self) -> WorkspaceId {
        self.workspace
    }
}

kernel::actions! {
    module Schema;
    /// Opens a thing.
    ViewThing: VIEW, on Thing;
    /// Changes a thing.
    EditThing: EDIT, on Thing;
}

/// The store: it names the workspace of the permit.
pub fn rename<'a>(permit: &'a Permit<EditThing>, _name: &str) -> (WorkspaceId, Conn<'a>) {
    (permit.workspace(), permit.db())
}
