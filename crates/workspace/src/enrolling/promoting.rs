//! Exchanging a role for the one that it promises, when its holder's profile is complete and phone confirmed.

use kernel::{
    failure::Failure,
    ids::{RoleId, UserId, WorkspaceId},
    outbox::Event,
};
use sea_orm::{ActiveValue::Set, DbErr};

use super::Enrolling;
use crate::{
    WorkspaceError,
    dto::MemberStatus,
    entity::member,
    service::{check_kept, promoted},
    store::{self, Locked},
};

impl Enrolling {
    /// Somebody is onboarded: every active membership whose role promises another gets that one.
    pub async fn promote(&self, event: &Event, user: UserId) -> Result<(), DbErr> {
        for (workspace, _) in store::memberships::promotions_of(&self.system.db(), user, None).await? {
            self.promote_in(event, workspace, user).await?;
        }
        Ok(())
    }

    /// Somebody got a role; if it promises another, and they are onboarded already, they get that. Who had that one
    /// before was put back by an administrator, and stays there.
    pub async fn promote_newcomer(
        &self,
        event: &Event,
        user: UserId,
        workspace: WorkspaceId,
        former: Option<RoleId>,
    ) -> Result<(), DbErr> {
        let promised = store::memberships::promotions_of(&self.system.db(), user, Some(workspace)).await?;
        let Some((_, promise)) = promised.first() else { return Ok(()) };
        if former == Some(*promise) || !self.people.is_onboarded(user).await? {
            return Ok(());
        }
        self.promote_in(event, workspace, user).await
    }

    async fn promote_in(&self, event: &Event, workspace: WorkspaceId, user: UserId) -> Result<(), DbErr> {
        let (tx, now) = (self.system.begin().await?, self.clock.now());
        let Some(locked) = Locked::take(&tx, workspace).await? else { return Ok(()) };
        if !store::heard::first_time(&locked, event.id, now).await? {
            return Ok(());
        }
        // Read again under the lock: whoever changed the role by hand meanwhile had the last word.
        let member = store::members::get(&locked, user).await?;
        let Some(member) = member.filter(|member| member.status == MemberStatus::Active) else { return Ok(()) };
        let Some(from) = store::roles::by_id(&tx, member.role_id).await? else { return Ok(()) };
        let Some(promise) = from.promotes_to else { return Ok(()) };
        let Some(to) = store::roles::by_id(&tx, promise).await? else { return Ok(()) };
        let change = member::ActiveModel { role_id: Set(to.id), ..Default::default() };
        store::members::update(&locked, &member, change, now).await?;
        match check_kept(&locked, self.standings.roles().vocabulary()).await {
            Ok(()) => {}
            Err(WorkspaceError::Failure(Failure::Db(error))) => return Err(error),
            Err(refused) => {
                tracing::warn!(%user, %workspace, %refused, "not promoted");
                return Ok(());
            }
        }
        tx.announce(promoted(workspace, user, &from, &to, now)).await?;
        tx.commit().await?;
        self.standings.forget_user(user);
        Ok(())
    }
}
