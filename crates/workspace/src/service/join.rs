//! Joining a workspace that is open, and leaving one.

use kernel::{
    guard::Permit,
    http::{Created, etag_of},
    ids::RoleId,
};

use super::{
    Workspaces, announce_added,
    inviting::revoke_all,
    member_changes::{end, held},
    require_seat,
};
use crate::{
    actions::{JoinWorkspace, LeaveWorkspace},
    dto::{Join, MemberStatus, MemberView, Registration},
    entity::{member, role},
    error::WorkspaceError,
    store::{self, Locked, invitations::Revoked},
};

/// Whether someone who joins by themselves may get `role`, where `default` is what they get unless they choose.
pub(crate) fn is_joinable(role: &role::Model, default: RoleId) -> bool {
    role.self_assignable || role.id == default
}

/// The role that someone gets who joins: the one asked for if people may choose it, or the default.
pub(crate) fn role_of_joiner(
    roles: Vec<role::Model>,
    default: RoleId,
    asked: Option<&str>,
) -> Result<role::Model, WorkspaceError> {
    let open = |role: &role::Model| is_joinable(role, default);
    let available = roles.iter().filter(|role| open(role)).map(|role| role.name.clone()).collect();
    let wanted = |role: &role::Model| match asked {
        Some(name) => role.name == name && open(role),
        None => role.id == default,
    };
    roles.into_iter().find(wanted).ok_or(WorkspaceError::RoleNotSelfAssignable { available })
}

impl Workspaces {
    /// Makes the caller a member of an open workspace.
    pub(crate) async fn join(
        &self,
        permit: &Permit<JoinWorkspace>,
        join: Join,
    ) -> Result<Created<MemberView>, WorkspaceError> {
        let user = permit.caller();
        let name = self.people.names(&[user]).await?.remove(&user);
        let (tx, now) = (permit.begin().await?, permit.now());
        let locked = Locked::take(&tx, permit.target().0.id).await?.ok_or(WorkspaceError::NotFound)?;
        if locked.workspace.registration != Registration::Open {
            return Err(WorkspaceError::NotFound);
        }
        let roles = store::roles::all(&locked).await?;
        let role = role_of_joiner(roles, locked.workspace.default_role_id, join.role.as_deref())?;
        // Who was asked and comes in by the open door has come in: what they were asked is settled.
        for event in revoke_all(&locked, Revoked::ForAccount(user), now).await? {
            tx.announce(event).await?;
        }
        if store::members::get(&locked, user).await?.is_some() {
            return Err(WorkspaceError::AlreadyMember);
        }
        require_seat(&locked).await?;
        let row = member::Model::begun(locked.id(), user, role.id, now);
        if !store::members::insert(&locked, row).await? {
            return Err(WorkspaceError::AlreadyMember);
        }
        tx.announce(announce_added(locked.id(), user, &role.name, now)).await?;
        let row = store::members::find(&tx, locked.id(), user).await?.ok_or(WorkspaceError::NotFound)?;
        let path = format!("/workspaces/{}/members/{user}", locked.id());
        let reply = Created::at(path, Some(etag_of(row.version)), MemberView::of(row, name, true));
        tx.commit_with(&reply).await?;
        self.standings.forget_user(user);
        Ok(reply)
    }

    /// Ends the caller's own membership.
    pub(crate) async fn leave(&self, permit: &Permit<LeaveWorkspace>) -> Result<(), WorkspaceError> {
        let user = permit.caller();
        let tx = permit.begin().await?;
        let locked = Locked::take(&tx, permit.target().0).await?.ok_or(WorkspaceError::NotFound)?;
        let member = store::members::get(&locked, user).await?;
        let active = member.filter(|member| member.status == MemberStatus::Active);
        let member = active.ok_or(WorkspaceError::NotFound)?;
        let role = held(&locked, &member).await?;
        tx.announce(end(&locked, member, &role.name, self.standings.roles(), permit.now()).await?).await?;
        tx.commit().await?;
        self.standings.forget_user(user);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn role(number: u128, name: &str, self_assignable: bool) -> role::Model {
        role::Model {
            id: RoleId(Uuid::from_u128(number)),
            workspace_id: None,
            name: name.to_owned(),
            title: name.to_owned(),
            description: String::new(),
            permissions: json!({}),
            self_assignable,
            promotes_to: None,
            directory: None,
            granted_by_plan: false,
            version: 1,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
            updated_by: None,
        }
    }

    #[test]
    fn people_choose_only_what_is_theirs_to_choose() {
        let roles = || vec![role(1, "admin", false), role(2, "developer", true), role(3, "customer", false)];
        let default = RoleId(Uuid::from_u128(3));
        let chosen = |asked| role_of_joiner(roles(), default, asked).map(|role| role.name);
        assert_eq!(chosen(None).unwrap(), "customer");
        assert_eq!(chosen(Some("developer")).unwrap(), "developer");
        assert_eq!(chosen(Some("customer")).unwrap(), "customer");
        for refused in ["admin", "nobody"] {
            let Err(WorkspaceError::RoleNotSelfAssignable { available }) = chosen(Some(refused)) else {
                panic!("{refused} was given");
            };
            assert_eq!(available, ["developer", "customer"]);
        }
    }
}
