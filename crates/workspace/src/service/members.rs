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
    inviting::{about, open},
    member_changes::{change, remove},
    roles::named,
};
use crate::{
    actions::{AddMember, EditMember, RemoveMember, ViewMember},
    dto::{Asked, MemberView, NewMember},
    entity::member,
    error::WorkspaceError,
    events,
    permissions::CAN_MANAGE_MEMBERS,
    ports::PersonName,
    store::{
        self, Locked,
        invitations::Invitee,
        members::{ListsMembers, MemberRow},
    },
};

impl Workspaces {
    /// One membership.
    pub(crate) async fn member(&self, permit: &Permit<ViewMember>) -> Result<Tagged<MemberView>, WorkspaceError> {
        let row = permit.target().0.clone();
        let name = if row.is_known() { self.name(row.user_id).await? } else { None };
        let sees_rate = permit.holds(&CAN_MANAGE_MEMBERS) || row.user_id == permit.caller();
        Ok(Tagged::new(row.version, MemberView::of(row, name, sees_rate)))
    }

    /// Rows of a list, with names.
    pub(crate) async fn member_views<A: ListsMembers>(
        &self,
        permit: &Permit<A>,
        rows: Vec<MemberRow>,
    ) -> Result<Vec<MemberView>, WorkspaceError> {
        let users: Vec<UserId> = rows.iter().filter(|row| row.is_known()).map(|row| row.user_id).collect();
        let mut names = self.people.names(&users).await?;
        let sees_all = permit.holds(&CAN_MANAGE_MEMBERS);
        let view = |row: MemberRow| {
            let name = names.remove(&row.user_id);
            let sees_rate = sees_all || row.user_id == permit.caller();
            MemberView::of(row, name, sees_rate)
        };
        Ok(rows.into_iter().map(view).collect())
    }

    /// Brings somebody in with a role that the caller covers. An address is invited; somebody with an account is asked,
    /// and their membership begins when they accept. Only oneself, which takes a platform role, is added at once.
    pub(crate) async fn add_member(
        &self,
        permit: &Permit<AddMember>,
        new: NewMember,
    ) -> Result<Created<Asked>, WorkspaceError> {
        let Some(user) = new.user_id else {
            let Created { location, etag, view } = self.invite(permit, new).await?;
            return Ok(Created { location, etag, view: Asked::Address(view) });
        };
        // Before the transaction: it holds the workspace, and may not wait for another connection meanwhile.
        if !self.people.exists(user).await? {
            return Err(WorkspaceError::UnknownPerson { pointer: "/user_id" });
        }
        let is_self = user == permit.caller();
        let name = if is_self { self.name(user).await? } else { None };
        let (tx, now) = (permit.begin().await?, permit.now());
        let locked = Locked::take(&tx, permit.workspace()).await?.ok_or(WorkspaceError::NotFound)?;
        let role = named(store::roles::all(&locked).await?, &new.role, "/role")?;
        let roles = self.standings.roles();
        Acting::by_permit(&locked)?.covers_row(&role, roles)?;
        if is_self {
            super::require_seat(&locked).await?;
            let begun = member::Model::begun(locked.id(), user, role.id, now);
            if !store::members::insert(&locked, member::Model { hour_rate: new.hour_rate, ..begun }).await? {
                return Err(WorkspaceError::AlreadyMember);
            }
            tx.announce(announce_added(locked.id(), user, &role.name, now)).await?;
        } else {
            let row = open(&locked, permit.caller(), Invitee::Account(user), &role, new.hour_rate, now).await?;
            tx.announce(about(events::INVITED, &row, now)).await?;
        }
        let (version, view) = shown(&locked, user, name).await?;
        let path = format!("/workspaces/{}/members/{user}", locked.id());
        let reply = Created::at(path, Some(etag_of(version)), Asked::Member(view));
        tx.commit_with(&reply).await?;
        self.standings.forget_user(user);
        Ok(reply)
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
