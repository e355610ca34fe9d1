//! A member as a target.

use kernel::{
    grant::Relation,
    guard::{Found, Lookup, Sight, Target, Tenant},
    http::etag_of,
    ids::{UserId, WorkspaceId},
    problem::Problem,
};

use super::workspace_in_path;
use crate::{
    permissions::{CAN_MANAGE_MEMBERS, CAN_VIEW_MEMBERS},
    store::members::{self, MemberRow},
};

/// The membership of `{user_id}` in the workspace `{id}`.
#[derive(Debug)]
pub struct MemberTarget(pub(crate) MemberRow);

impl Target for MemberTarget {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let user: UserId = lookup.key("user_id")?;
        let Some(workspace) = workspace_in_path(lookup).await? else { return Ok(None) };
        let row = members::find(&lookup.db(), workspace, user).await?;
        let relation = Relation::of(user == lookup.caller().user, false);
        Ok(row.map(|row| Found::in_workspace(Self(row), workspace, relation)))
    }

    fn visible(&self, sight: &Sight<'_>) -> bool {
        sight.holds(&CAN_VIEW_MEMBERS) || sight.holds(&CAN_MANAGE_MEMBERS)
    }

    fn etag(&self) -> Option<String> {
        Some(etag_of(self.0.version))
    }
}

impl Tenant for MemberTarget {
    fn workspace(&self) -> WorkspaceId {
        self.0.workspace_id
    }
}
