//! Who goes: from a workspace, from all of them, or from the world.

use chrono::{DateTime, Utc};
use kernel::{
    authority::Caller,
    failure::Failure,
    ids::{RoleId, UserId, WorkspaceId},
    outbox::Event,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr};

use super::{Enrolling, EnrollingError};
use crate::{
    WorkspaceError,
    entity::workspace,
    events,
    service::{Acting, end, ended, hand_over, held, remove},
    store::{self, Locked},
};

impl Enrolling {
    /// Ends a membership, by the same rules as `DELETE /workspaces/{id}/members/{user_id}`; answers whether they belong
    /// anywhere still. Whether `by` may remove members at all is for the caller to know.
    pub async fn remove(&self, by: &Caller, workspace: WorkspaceId, user: UserId) -> Result<bool, EnrollingError> {
        let tx = self.system.begin().await?;
        let locked = Locked::take(&tx, workspace).await?.ok_or(EnrollingError::NotFound)?;
        let event = self.take_out(&locked, by, user).await?.ok_or(EnrollingError::NotFound)?;
        tx.announce(event).await?;
        let belongs = store::memberships::belongs_anywhere(&tx, user).await?;
        tx.commit().await?;
        self.standings.forget_user(user);
        Ok(belongs)
    }

    /// What [`Enrolling::remove`] would refuse; nothing changes.
    pub async fn may_remove(&self, by: &Caller, workspace: WorkspaceId, user: UserId) -> Result<(), EnrollingError> {
        let tx = self.system.begin().await?;
        let locked = Locked::take(&tx, workspace).await?.ok_or(EnrollingError::NotFound)?;
        self.take_out(&locked, by, user).await?.ok_or(EnrollingError::NotFound)?;
        Ok(())
    }

    /// Ends every membership of someone, suspended ones and those in deleted workspaces too: all of them, or none if a
    /// rule stands against one.
    pub async fn remove_everywhere(&self, by: &Caller, user: UserId) -> Result<(), EnrollingError> {
        let tx = self.system.begin().await?;
        if store::platform::keep(&tx, user).await? {
            return Err(EnrollingError::StillBelongs);
        }
        // In the order of their ids, as whoever else locks several does.
        let mut workspaces = store::memberships::workspaces_of(&tx, user).await?;
        workspaces.sort();
        let mut events = Vec::new();
        for workspace in workspaces {
            let Some(locked) = Locked::take_even_deleted(&tx, workspace).await? else { continue };
            events.extend(self.take_out(&locked, by, user).await?);
        }
        for event in events {
            tx.announce(event).await?;
        }
        tx.commit().await?;
        self.standings.forget_user(user);
        Ok(())
    }

    /// Ends one membership, if there is one; answers what to announce.
    async fn take_out(
        &self,
        locked: &Locked<'_, impl ConnectionTrait>,
        by: &Caller,
        user: UserId,
    ) -> Result<Option<Event>, EnrollingError> {
        let now = self.clock.now();
        let Some(member) = store::members::get(locked, user).await? else { return Ok(None) };
        if locked.workspace.deleted_at.is_some() {
            if locked.workspace.owner_id == user {
                return Err(EnrollingError::StillBelongs);
            }
            let role = held(locked, &member).await?;
            store::members::delete(locked, member).await?;
            let mut event = ended(locked.id(), user, &role.name, now);
            event = event.by(by);
            event.as_platform = true;
            return Ok(Some(event));
        }
        let roles = self.standings.roles();
        let acting = Acting::by_standing(locked, by, roles, now).await?;
        let mut event = remove(locked, member, &acting, roles, now).await?.by(by);
        event.as_platform = acting.is_platform();
        Ok(Some(event))
    }

    /// Ends all memberships of an account that is gone. What it owned goes to the longest-standing other administrator;
    /// a workspace without others is deleted.
    pub async fn forget(&self, user: UserId) -> Result<(), DbErr> {
        for workspace in self.workspaces_of(user).await? {
            match self.forget_in(workspace, user).await {
                Ok(()) => {}
                Err(WorkspaceError::Failure(Failure::Db(error))) => return Err(error),
                Err(refused) => tracing::warn!(%user, %workspace, %refused, "membership of a gone account stays"),
            }
        }
        store::platform::remove_member(&self.system.db(), user).await?;
        self.standings.forget_user(user);
        Ok(())
    }

    async fn forget_in(&self, workspace: WorkspaceId, user: UserId) -> Result<(), WorkspaceError> {
        let (tx, now) = (self.system.begin().await?, self.clock.now());
        let Some(mut locked) = Locked::take(&tx, workspace).await? else { return Ok(()) };
        let Some(member) = store::members::get(&locked, user).await? else { return Ok(()) };
        let role = held(&locked, &member).await?;
        if locked.workspace.owner_id == user {
            for event in self.settle_estate(&locked, now).await? {
                tx.announce(event).await?;
            }
            let Some(handed_over) = Locked::take(&tx, workspace).await? else {
                // Without others it was deleted, and keeps its owner as it keeps everything else.
                tx.commit().await?;
                self.standings.forget_workspace(workspace);
                return Ok(());
            };
            locked = handed_over;
        }
        tx.announce(end(&locked, member, &role.name, self.standings.roles(), now).await?).await?;
        tx.commit().await?;
        self.standings.forget_workspace(workspace);
        Ok(())
    }

    /// Hands the workspace of an owner who is gone to another administrator, or deletes it if nobody else is in it. With
    /// others but no administrator it stays as it is: who is to own it then is for the platform's operator to say.
    async fn settle_estate(
        &self,
        locked: &Locked<'_, impl ConnectionTrait>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, WorkspaceError> {
        let (roles, vocabulary) = (self.standings.roles(), self.standings.roles().vocabulary());
        let administrators: Vec<RoleId> = store::roles::all(locked)
            .await?
            .iter()
            .filter(|role| vocabulary.restore(&role.permissions).document.is_administrator(roles.vocabulary()))
            .map(|role| role.id)
            .collect();
        let others = store::memberships::others(locked, now).await?;
        match others.iter().find(|member| administrators.contains(&member.role_id)) {
            Some(heir) => Ok(hand_over(locked, heir.user_id, now).await?),
            None if others.is_empty() => {
                let change = workspace::ActiveModel { deleted_at: Set(Some(now)), ..Default::default() };
                store::workspaces::update(locked, change, now).await?;
                let event = Event::new(events::DELETED, events::WORKSPACE, locked.id().0, now);
                Ok(vec![event.in_workspace(locked.id())])
            }
            None => Err(WorkspaceError::LastAdministrator),
        }
    }
}
