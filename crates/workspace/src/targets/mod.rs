//! What the guard loads before it asks the engine: a workspace, a member, a role, or what is the caller's own.

mod developer;
mod invitation;
mod member;
mod own;
mod role;
mod workspace;

pub(crate) use developer::DeveloperTarget;
pub(crate) use invitation::InvitationTarget;
pub(crate) use member::MemberTarget;
pub(crate) use own::{Joinable, MyAuthority, MyMembership, MyWorkspaces};

use kernel::{authority::WorkspaceRef, guard::Lookup, ids::WorkspaceId, problem::Problem};

use crate::store;

/// The workspace named in the path, if the caller has a seat in it or one in all of them. Costs no statement for a member.
async fn workspace_in_path(lookup: &Lookup<'_>) -> Result<Option<WorkspaceId>, Problem> {
    let reference: WorkspaceRef = lookup.key("id")?;
    if let Some(seat) = lookup.standing().find(&reference, lookup.now()) {
        return Ok(Some(seat.workspace));
    }
    if lookup.standing().platform.is_none() {
        return Ok(None);
    }
    Ok(store::standing::find_workspace(&lookup.db(), &reference).await?)
}
