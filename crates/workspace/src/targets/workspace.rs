//! A workspace as a target: whoever has a seat in it may know that it exists.

use kernel::{
    authority::WorkspaceRef,
    grant::Relation,
    guard::{Found, Lookup, Sight, Target, Tenant},
    ids::WorkspaceId,
    problem::Problem,
};

use crate::store::workspaces::{self, WorkspaceRow};

impl Target for WorkspaceRow {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let reference: WorkspaceRef = lookup.key("id")?;
        let caller = lookup.caller().user;
        let row = workspaces::find(&lookup.db(), &reference, caller, lookup.now()).await?;
        Ok(row.map(|row| {
            let (id, relation) = (row.id, Relation::of(row.owner_id == caller, row.my_role.is_some()));
            Found::in_workspace(row, id, relation)
        }))
    }

    fn visible(&self, _: &Sight<'_>) -> bool {
        true
    }

    fn etag(&self) -> Option<String> {
        Some(WorkspaceRow::etag(self))
    }
}

impl Tenant for WorkspaceRow {
    fn workspace(&self) -> WorkspaceId {
        self.id
    }
}
