//! An invitation as a target.

use kernel::{
    grant::Relation,
    guard::{Found, Lookup, Sight, Target, Tenant},
    http::etag_of,
    ids::WorkspaceId,
    problem::Problem,
};

use crate::{
    permissions::CAN_INVITE_MEMBERS,
    store::invitations::{self, InvitationRow},
};

/// The invitation `{id}`.
#[derive(Debug)]
pub struct InvitationTarget(pub(crate) InvitationRow);

impl Target for InvitationTarget {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let row = invitations::find(&lookup.db(), lookup.key("id")?).await?;
        Ok(row.map(|row| {
            let workspace = row.workspace_id;
            Found::in_workspace(Self(row), workspace, Relation::Other)
        }))
    }

    fn visible(&self, sight: &Sight<'_>) -> bool {
        sight.holds(&CAN_INVITE_MEMBERS)
    }

    fn etag(&self) -> Option<String> {
        Some(etag_of(self.0.version))
    }
}

impl Tenant for InvitationTarget {
    fn workspace(&self) -> WorkspaceId {
        self.0.workspace_id
    }
}
