//! Handing a workspace over.

use chrono::{DateTime, Utc};
use kernel::{
    failure::Failure,
    guard::Permit,
    http::{Tagged, etag_of},
    ids::UserId,
    outbox::Event,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait};

use super::{Acting, Workspaces, check_kept, member_changes::role_changed};
use crate::{
    actions::TransferWorkspace,
    dto::{MemberStatus, WorkspaceView},
    entity::{member, workspace},
    error::WorkspaceError,
    events,
    store::{self, Locked},
};

/// Makes an active member the owner, with the role that the workspace keeps for its owner. The former one keeps theirs.
/// Answers what to announce.
pub(crate) async fn hand_over(
    locked: &Locked<'_, impl ConnectionTrait>,
    heir: UserId,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, WorkspaceError> {
    let before = &locked.workspace;
    let member = store::members::get(locked, heir).await?;
    let active =
        member.filter(|member| member.status == MemberStatus::Active && member.expires_at.is_none_or(|end| now < end));
    let member = active.ok_or(WorkspaceError::NotAMember { pointer: "/user_id" })?;
    let mut events = Vec::new();
    let change = member::ActiveModel {
        role_id: Set(before.owner_role_id),
        // An owner's membership doesn't end by itself.
        expires_at: Set(None),
        ..Default::default()
    };
    if member.role_id != before.owner_role_id || member.expires_at.is_some() {
        store::members::update(locked, &member, change, now).await?;
    }
    if member.role_id != before.owner_role_id {
        events.push(role_changed(before.id, heir, member.role_id, before.owner_role_id, now));
    }
    let change = workspace::ActiveModel { owner_id: Set(heir), ..Default::default() };
    let after = store::workspaces::update(locked, change, now).await?;
    events.push(Event::new(events::OWNER_CHANGED, events::WORKSPACE, after.id.0, now).in_workspace(after.id).field(
        "owner_id",
        before.owner_id.to_string(),
        after.owner_id.to_string(),
    ));
    Ok(events)
}

impl Workspaces {
    /// Hands the workspace over to another active member; to its owner it is no change.
    pub(crate) async fn transfer(
        &self,
        permit: &Permit<TransferWorkspace>,
        heir: UserId,
    ) -> Result<Tagged<WorkspaceView>, WorkspaceError> {
        // A membership outlasts the disabling of an account, but nobody could act for a workspace owned by one.
        if self.people.mailbox(heir).await?.is_none() {
            return Err(WorkspaceError::NotAMember { pointer: "/user_id" });
        }
        let tx = permit.begin().await?;
        let locked = Locked::take(&tx, permit.workspace()).await?.ok_or(WorkspaceError::NotFound)?;
        if locked.workspace.owner_id != permit.caller() {
            return Err(Failure::Stale.into());
        }
        tx.check_version(&etag_of(locked.workspace.version))?;
        // Their owner's role goes with it: an owner may give that, a token of theirs may not.
        let role = store::roles::by_id(&tx, locked.workspace.owner_role_id).await?.ok_or(WorkspaceError::NotFound)?;
        Acting::by_permit(&locked)?.covers_row(&role, self.standings.roles())?;
        if heir != permit.caller() {
            for event in hand_over(&locked, heir, permit.now()).await? {
                tx.announce(event).await?;
            }
            check_kept(&locked, self.vocabulary()).await?;
        }
        let reference = kernel::authority::WorkspaceRef::Id(permit.workspace());
        let row = store::workspaces::find(&tx, &reference, permit.caller(), permit.now()).await?;
        let row = row.ok_or(WorkspaceError::NotFound)?;
        tx.commit().await?;
        self.standings.forget_workspace(permit.workspace());
        Ok(Tagged::new(row.version, row.into()))
    }
}
