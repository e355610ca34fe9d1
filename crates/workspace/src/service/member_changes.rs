//! The rules of changing and ending a membership, whoever asks for it.

use chrono::{DateTime, Utc};
use kernel::{
    ids::{RoleId, UserId, WorkspaceId},
    outbox::Event,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ConnectionTrait,
};
use serde_json::json;

use super::{Acting, check_kept, inviting::revoke_all};
use crate::{
    dto::MemberStatus,
    entity::{member, role},
    error::WorkspaceError,
    events,
    standings::CompiledRoles,
    store::{self, Locked, invitations::Revoked, plan_roles::Granted},
};

/// What to change of a membership; what is `None` stays.
#[expect(clippy::option_option, reason = "absent, null and a value are three things (RFC 7396)")]
#[derive(Debug, Default)]
pub(crate) struct MemberChange {
    /// The status.
    pub status: Option<MemberStatus>,
    /// The hour rate.
    pub hour_rate: Option<Option<i64>>,
    /// When it ends by itself.
    pub expires_at: Option<Option<DateTime<Utc>>>,
    /// The role's name.
    pub role: Option<String>,
}

/// Changes a membership by someone who covers its role and, where it gets another, that one; answers what to announce.
pub(crate) async fn change(
    locked: &Locked<'_, impl ConnectionTrait>,
    member: &member::Model,
    wanted: MemberChange,
    acting: &Acting,
    roles: &CompiledRoles,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, WorkspaceError> {
    acting.covers_row(&held(locked, member).await?, roles)?;
    // What they agree to is what they were asked; and nobody agrees in their place.
    if member.status == MemberStatus::Invited {
        return Err(WorkspaceError::NotAcceptedYet);
    }
    if wanted.expires_at.flatten().is_some_and(|end| end <= now) {
        return Err(WorkspaceError::EndsInThePast);
    }
    let role = match wanted.role {
        Some(name) => Some(super::roles::named(store::roles::all(locked).await?, &name, "/role")?),
        None => None,
    };
    if let Some(role) = &role {
        acting.covers_row(role, roles)?;
    }
    let change = member::ActiveModel {
        status: wanted.status.filter(|status| *status != member.status).map_or(NotSet, Set),
        hour_rate: wanted.hour_rate.filter(|rate| *rate != member.hour_rate).map_or(NotSet, Set),
        expires_at: wanted.expires_at.filter(|end| *end != member.expires_at).map_or(NotSet, Set),
        role_id: role.map(|role| role.id).filter(|role| *role != member.role_id).map_or(NotSet, Set),
        ..Default::default()
    };
    let unchanged = [change.status.is_not_set(), change.hour_rate.is_not_set(), change.expires_at.is_not_set()];
    if unchanged == [true; 3] && change.role_id.is_not_set() {
        return Ok(Vec::new());
    }
    let loses_status = change.status.try_as_ref().is_some_and(|status| *status != MemberStatus::Active);
    let gets_end = change.expires_at.try_as_ref().is_some_and(Option::is_some);
    if (loses_status || gets_end) && member.user_id == locked.workspace.owner_id {
        return Err(WorkspaceError::OwnerMustHandOver);
    }
    let after = store::members::update(locked, member, change, now).await?;
    check_owner_then_kept(locked, member, roles).await?;
    Ok(told(member, &after))
}

/// Ends a membership by someone who covers its role; answers what to announce.
pub(crate) async fn remove(
    locked: &Locked<'_, impl ConnectionTrait>,
    member: member::Model,
    acting: &Acting,
    roles: &CompiledRoles,
    now: DateTime<Utc>,
) -> Result<Event, WorkspaceError> {
    let role = held(locked, &member).await?;
    acting.covers_row(&role, roles)?;
    end(locked, member, &role.name, roles, now).await
}

/// Ends a membership that is one's own to end, or that of someone who is gone.
pub(crate) async fn end(
    locked: &Locked<'_, impl ConnectionTrait>,
    member: member::Model,
    role: &str,
    roles: &CompiledRoles,
    now: DateTime<Utc>,
) -> Result<Event, WorkspaceError> {
    if member.user_id == locked.workspace.owner_id {
        return Err(WorkspaceError::OwnerMustHandOver);
    }
    let user = member.user_id;
    if member.status == MemberStatus::Invited {
        revoke_all(locked, Revoked::ForAccount(user), now).await?;
    } else {
        store::members::delete(locked, member).await?;
    }
    check_kept(locked, roles.vocabulary()).await?;
    Ok(ended(locked.id(), user, role, now))
}

/// The event that tells of a membership's end.
pub(crate) fn ended(workspace: WorkspaceId, user: UserId, role: &str, now: DateTime<Utc>) -> Event {
    about(events::MEMBER_REMOVED, workspace, user, now).fact("role", role)
}

/// The event that tells of a role exchanged for the one that it promised.
pub(crate) fn promoted(
    workspace: WorkspaceId,
    user: UserId,
    from: &role::Model,
    to: &role::Model,
    now: DateTime<Utc>,
) -> Event {
    about(events::MEMBER_PROMOTED, workspace, user, now).field("role_id", from.id.to_string(), to.id.to_string()).field(
        "role",
        from.name.as_str(),
        to.name.as_str(),
    )
}

/// The role that a membership gives.
pub(crate) async fn held(
    locked: &Locked<'_, impl ConnectionTrait>,
    member: &member::Model,
) -> Result<role::Model, WorkspaceError> {
    store::roles::by_id(locked.tx, member.role_id).await?.ok_or(WorkspaceError::NotFound)
}

/// An owner who would not be an administrator is told to hand over, also where they are the last.
async fn check_owner_then_kept(
    locked: &Locked<'_, impl ConnectionTrait>,
    member: &member::Model,
    roles: &CompiledRoles,
) -> Result<(), WorkspaceError> {
    let is_owner = member.user_id == locked.workspace.owner_id;
    check_kept(locked, roles.vocabulary()).await.map_err(|refused| match refused {
        WorkspaceError::LastAdministrator if is_owner => WorkspaceError::OwnerMustHandOver,
        refused => refused,
    })
}

fn told(before: &member::Model, after: &member::Model) -> Vec<Event> {
    let (workspace, user, now) = (after.workspace_id, after.user_id, after.updated_at);
    let mut told = Vec::new();
    if before.role_id != after.role_id {
        told.push(role_changed(workspace, user, before.role_id, after.role_id, now));
    }
    if before.status != after.status {
        let action = match after.status {
            MemberStatus::Active => events::MEMBER_ACTIVATED,
            _ => events::MEMBER_SUSPENDED,
        };
        let event = about(action, workspace, user, now);
        told.push(event.field("status", before.status.as_str(), after.status.as_str()));
    }
    if before.hour_rate != after.hour_rate || before.expires_at != after.expires_at {
        let end = |row: &member::Model| row.expires_at.map(|end| end.to_rfc3339());
        let event = about(events::MEMBER_UPDATED, workspace, user, now);
        let event = event.field("hour_rate", before.hour_rate, after.hour_rate);
        told.push(event.field("expires_at", end(before), end(after)));
    }
    told
}

/// The event that tells of a member's other role.
pub(crate) fn role_changed(
    workspace: WorkspaceId,
    user: UserId,
    from: RoleId,
    to: RoleId,
    now: DateTime<Utc>,
) -> Event {
    about(events::MEMBER_ROLE_CHANGED, workspace, user, now).field("role_id", from.to_string(), to.to_string())
}

/// The event that tells that a member doesn't get the role of their plan: who answers for it doesn't cover it.
pub(crate) fn withheld(workspace: WorkspaceId, user: UserId, granted: &Granted, now: DateTime<Utc>) -> Event {
    about(events::PLAN_ROLE_WITHHELD, workspace, user, now)
        .fact("role_id", granted.role_id.to_string())
        .fact("plan_id", json!(granted.plan_id))
        .fact("subscription_id", granted.subscription_id.to_string())
        .fact(events::VOUCHED_BY, json!(granted.vouched_by))
}

/// The event that tells of a new member.
pub(crate) fn announce_added(workspace: WorkspaceId, user: UserId, role: &str, now: DateTime<Utc>) -> Event {
    about(events::MEMBER_ADDED, workspace, user, now).fact("role", role)
}

fn about(action: &str, workspace: WorkspaceId, user: UserId, now: DateTime<Utc>) -> Event {
    Event::new(action, events::MEMBER, user.0, now).in_workspace(workspace).fact("user_id", user.to_string())
}
