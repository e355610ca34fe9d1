//! What is the caller's own: the workspace they may join, the membership they may leave, what they hold.

use kernel::{
    authority::{PlatformSeat, Seat, WorkspaceRef},
    grant::Scope,
    guard::{Found, Lookup, Sight, Target, Tenant},
    ids::WorkspaceId,
    problem::Problem,
};

use super::workspace_in_path;
use crate::{
    dto::Registration,
    permissions::CAN_VIEW_WORKSPACE,
    store::workspaces::{self, WorkspaceRow},
};

/// A workspace that anybody may join. Others don't exist for who isn't in them, and who is needn't join.
#[derive(Debug)]
pub struct Joinable(pub(crate) WorkspaceRow);

impl Target for Joinable {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let reference: WorkspaceRef = lookup.key("id")?;
        let row = workspaces::find(&lookup.db(), &reference, lookup.caller().user, lookup.now()).await?;
        let open = row.filter(|row| row.registration == Registration::Open);
        Ok(open.map(|row| Found::personal(Self(row))))
    }

    fn visible(&self, _: &Sight<'_>) -> bool {
        true
    }
}

/// The caller's own active membership. A suspended one can't be left: that would be a way around the suspension.
#[derive(Debug)]
pub struct MyMembership(pub(crate) WorkspaceId);

impl Target for MyMembership {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let reference: WorkspaceRef = lookup.key("id")?;
        let seat = lookup.standing().find(&reference, lookup.now());
        Ok(seat.map(|seat| Found::personal(Self(seat.workspace))))
    }

    fn visible(&self, _: &Sight<'_>) -> bool {
        true
    }
}

/// The caller's workspaces; through a token, those of them whose settings it may read.
#[derive(Debug)]
pub struct MyWorkspaces {
    /// These and no others; all of the caller's if it is none.
    pub(crate) only: Option<Vec<WorkspaceId>>,
}

impl Target for MyWorkspaces {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let readable = || {
            let seats = lookup.standing().seats_at(lookup.now());
            let readable = seats.filter(|seat| seat.grants.scope(&CAN_VIEW_WORKSPACE) > Scope::None);
            readable.map(|seat| seat.workspace).collect()
        };
        let only = lookup.caller().token().map(|_| readable());
        Ok(Some(Found::personal(Self { only })))
    }

    fn visible(&self, _: &Sight<'_>) -> bool {
        true
    }
}

/// What the caller holds in a workspace: by a membership, by the platform, or both.
#[derive(Debug)]
pub struct MyAuthority {
    /// Where.
    pub(crate) workspace: WorkspaceId,
    /// The seat in it.
    pub(crate) seat: Option<Seat>,
    /// The seat in all of them.
    pub(crate) platform: Option<PlatformSeat>,
}

impl Target for MyAuthority {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let Some(workspace) = workspace_in_path(lookup).await? else { return Ok(None) };
        let seat = lookup.standing().seat(workspace, lookup.now()).cloned();
        let platform = lookup.standing().platform.clone();
        Ok(Some(Found::personal(Self { workspace, seat, platform })))
    }

    fn visible(&self, _: &Sight<'_>) -> bool {
        true
    }
}

impl Tenant for MyAuthority {
    fn workspace(&self) -> WorkspaceId {
        self.workspace
    }
}
