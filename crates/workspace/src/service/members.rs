//! Adding, reading, changing and removing members.

use kernel::{
    failure::Failure,
    guard::{Identified, Permit, Tx},
    http::{Created, Tagged, etag_of},
    ids::UserId,
    outbox::Event,
};

use super::{
    Acting, MemberChange, Workspaces, announce_added,
    member_changes::{change, remove},
    roles::named,
};
use crate::{
    actions::{AddMember, EditMember, RemoveMember, ViewMember},
    dto::{MemberStatus, MemberView, NewMember},
    entity::member,
    error::WorkspaceError,
    permissions::CAN_MANAGE_MEMBERS,
    ports::PersonName,
    store::{
        self, Locked,
        members::{ListsMembers, MemberRow},
    },
};

impl Workspaces {
    /// One membership.
    pub(crate) async fn member(&self, permit: &Permit<ViewMember>) -> Result<Tagged<MemberView>, WorkspaceError> {
        let row = permit.target().0.clone();
        let name = self.name(row.user_id).await?;
        let sees_rate = permit.holds(&CAN_MANAGE_MEMBERS) || row.user_id == permit.caller();
        Ok(Tagged::new(row.version, MemberView::of(row, name, sees_rate)))
    }

    /// Rows of a list, with names.
    pub(crate) async fn member_views<A: ListsMembers>(
        &self,
        permit: &Permit<A>,
        rows: Vec<MemberRow>,
    ) -> Result<Vec<MemberView>, WorkspaceError> {
        let users: Vec<UserId> = rows.iter().map(|row| row.user_id).collect();
        let mut names = self.people.names(&users).await?;
        let sees_all = permit.holds(&CAN_MANAGE_MEMBERS);
        let view = |row: MemberRow| {
            let name = names.remove(&row.user_id);
            let sees_rate = sees_all || row.user_id == permit.caller();
            MemberView::of(row, name, sees_rate)
        };
        Ok(rows.into_iter().map(view).collect())
    }

    /// Adds someone with a role that the caller covers.
    pub(crate) async fn add_member(
        &self,
        permit: &Permit<AddMember>,
        new: NewMember,
    ) -> Result<Created<MemberView>, WorkspaceError> {
        // Before the transaction: it holds the workspace, and may not wait for another connection meanwhile.
        let user = self.person(&new).await?;
        let name = self.name(user).await?;
        let (tx, now) = (permit.begin().await?, permit.now());
        let locked = Locked::take(&tx, permit.workspace()).await?.ok_or(WorkspaceError::NotFound)?;
        let role = named(store::roles::all(&locked).await?, &new.role, "/role")?;
        let roles = self.standings.roles();
        Acting::by_permit(&locked)?.covers_row(&role, roles)?;
        let row = member::Model {
            workspace_id: locked.id(),
            user_id: user,
            role_id: role.id,
            status: MemberStatus::Active,
            hour_rate: new.hour_rate,
            expires_at: None,
            version: 1,
            joined_at: now,
            updated_at: now,
        };
        if !store::members::insert(&locked, row).await? {
            return Err(WorkspaceError::AlreadyMember);
        }
        tx.announce(announce_added(locked.id(), user, &role.name, now)).await?;
        let view = shown(&locked, user, name).await?;
        let path = format!("/workspaces/{}/members/{user}", locked.id());
        let reply = Created::at(path, Some(etag_of(view.0)), view.1);
        tx.commit_with(&reply).await?;
        self.standings.forget_user(user);
        Ok(reply)
    }

    async fn person(&self, new: &NewMember) -> Result<UserId, WorkspaceError> {
        if let Some(user) = new.user_id {
            let known = self.people.exists(user).await?;
            return if known { Ok(user) } else { Err(WorkspaceError::UnknownPerson { pointer: "/user_id" }) };
        }
        let email = new.email.as_deref().unwrap_or_default();
        self.people.find_by_email(email).await?.ok_or(WorkspaceError::UnknownPerson { pointer: "/email" })
    }

    async fn name(&self, user: UserId) -> Result<Option<PersonName>, WorkspaceError> {
        Ok(self.people.names(&[user]).await?.remove(&user))
    }

    /// Changes a membership.
    pub(crate) async fn edit_member(
        &self,
        permit: &Permit<EditMember>,
        wanted: MemberChange,
    ) -> Result<Tagged<MemberView>, WorkspaceError> {
        let user = permit.target().0.user_id;
        let name = self.name(user).await?;
        let tx = permit.begin().await?;
        let locked = Locked::take(&tx, permit.workspace()).await?.ok_or(WorkspaceError::NotFound)?;
        let member = store::members::get(&locked, user).await?.ok_or(WorkspaceError::NotFound)?;
        tx.check_version(&etag_of(member.version))?;
        let roles = self.standings.roles();
        let acting = Acting::by_permit(&locked)?;
        let events = change(&locked, &member, wanted, &acting, roles, permit.now()).await?;
        announce_all(&tx, events).await?;
        let (version, view) = shown(&locked, user, name).await?;
        let reply = Tagged::new(version, view);
        tx.commit_with(&reply).await?;
        self.standings.forget_user(user);
        Ok(reply)
    }

    /// Ends a membership.
    pub(crate) async fn remove_member(&self, permit: &Permit<RemoveMember>) -> Result<(), WorkspaceError> {
        let user = permit.target().0.user_id;
        let tx = permit.begin().await?;
        let locked = Locked::take(&tx, permit.workspace()).await?.ok_or(WorkspaceError::NotFound)?;
        let member = store::members::get(&locked, user).await?.ok_or(WorkspaceError::NotFound)?;
        tx.check_version(&etag_of(member.version))?;
        let roles = self.standings.roles();
        let acting = Acting::by_permit(&locked)?;
        tx.announce(remove(&locked, member, &acting, roles, permit.now()).await?).await?;
        tx.commit().await?;
        self.standings.forget_user(user);
        Ok(())
    }
}

async fn announce_all<A: Identified>(tx: &Tx<'_, A>, events: Vec<Event>) -> Result<(), Failure> {
    for event in events {
        tx.announce(event).await?;
    }
    Ok(())
}

/// The membership as it is now, for someone who manages members, with its version.
async fn shown<A: Identified>(
    locked: &Locked<'_, Tx<'_, A>>,
    user: UserId,
    name: Option<PersonName>,
) -> Result<(i32, MemberView), WorkspaceError> {
    let row = store::members::find(locked.tx, locked.id(), user).await?.ok_or(WorkspaceError::NotFound)?;
    Ok((row.version, MemberView::of(row, name, true)))
}
