//! A workspace's role as a target. The platform's roles are not found here.

use kernel::{
    grant::Relation,
    guard::{Found, Lookup, Sight, Target, Tenant},
    ids::WorkspaceId,
    problem::Problem,
};

use crate::{
    permissions::{CAN_MANAGE_ROLES, CAN_VIEW_ROLES},
    store::roles::{self, RoleRow},
};

impl Target for RoleRow {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let row = roles::find(&lookup.db(), lookup.key("id")?).await?;
        Ok(row.map(|row| {
            let workspace = row.workspace_id;
            Found::in_workspace(row, workspace, Relation::Other)
        }))
    }

    fn visible(&self, sight: &Sight<'_>) -> bool {
        sight.holds(&CAN_VIEW_ROLES) || sight.holds(&CAN_MANAGE_ROLES)
    }

    fn etag(&self) -> Option<String> {
        Some(RoleRow::etag(self))
    }
}

impl Tenant for RoleRow {
    fn workspace(&self) -> WorkspaceId {
        self.workspace_id
    }
}
