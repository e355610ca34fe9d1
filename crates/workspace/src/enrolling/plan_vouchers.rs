//! Who answers for the roles that plans give. Whoever lets a plan give a role covers it, and not only when they publish the plan:
//! whenever it gives the role anew. Else somebody could keep for themselves, in a plan, what is taken from them.

use std::collections::{BTreeMap, btree_map::Entry};

use kernel::{
    authority::WorkspaceRef,
    ids::{RoleId, UserId, WorkspaceId},
    outbox::Event,
};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::{Enrolling, PlanGrant};
use crate::{
    entity::member,
    events,
    service::{Acting, withheld},
    store::{self, Locked, plan_roles::Granted},
};

/// Who answers for it that a plan gives a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanVoucher {
    /// The last version of the plan that gives it: the highest has the last word.
    pub version: i32,
    /// Who published that; the program, where nobody is named.
    pub by: Option<UserId>,
}

impl Enrolling {
    /// Which of these roles of a workspace plans may give at this moment, each with who answers for it.
    pub async fn vouched(
        &self,
        workspace: WorkspaceId,
        asked: &[(RoleId, Option<UserId>)],
    ) -> Result<Vec<bool>, DbErr> {
        let (db, roles, now) = (self.system.db(), self.standings.roles(), self.clock.now());
        let Some(place) = store::workspaces::named(&db, &WorkspaceRef::Id(workspace)).await? else {
            return Ok(vec![false; asked.len()]);
        };
        let given = store::roles::of(&db, workspace).await?;
        let mut acting: BTreeMap<UserId, Acting> = BTreeMap::new();
        for user in asked.iter().filter_map(|(_, by)| *by) {
            if let Entry::Vacant(unknown) = acting.entry(user) {
                unknown.insert(Acting::in_person((&db, &place), user, roles, now).await?);
            }
        }
        let covers = |(role, by): &(RoleId, Option<UserId>)| {
            let Some(role) = given.iter().find(|row| row.id == *role && row.granted_by_plan) else { return false };
            let Some(by) = by else { return true };
            acting.get(by).is_some_and(|acting| acting.covers_row(role, roles).is_ok())
        };
        Ok(asked.iter().map(covers).collect())
    }

    /// Hears who answers for a plan's role from now on. Heard again, or after something later, it does nothing.
    pub async fn take_voucher(
        &self,
        workspace: WorkspaceId,
        plan: Uuid,
        role: RoleId,
        voucher: PlanVoucher,
    ) -> Result<(), DbErr> {
        let tx = self.system.begin().await?;
        let Some(locked) = Locked::take(&tx, workspace).await? else { return Ok(()) };
        store::plan_vouchers::note(&locked, plan, role, voucher.version, voucher.by).await?;
        tx.commit().await
    }

    /// Gives in a workspace what was withheld and isn't to be any more.
    pub async fn settle_withheld(&self, workspace: WorkspaceId) -> Result<(), DbErr> {
        let waiting = store::plan_vouchers::withheld(&self.system.db(), workspace).await?;
        if waiting.is_empty() {
            return Ok(());
        }
        let asked: Vec<_> = waiting.iter().map(|one| (one.role_id, one.vouched_by)).collect();
        let vouched = self.vouched(workspace, &asked).await?;
        for (one, _) in waiting.iter().zip(vouched).filter(|(_, vouched)| *vouched) {
            self.settle_plan_role(workspace, one.user_id).await?;
        }
        Ok(())
    }

    /// Whether who answers for it covers the role now.
    pub(super) async fn is_vouched(
        &self,
        locked: &Locked<'_, impl ConnectionTrait>,
        granted: &Granted,
    ) -> Result<bool, DbErr> {
        if !granted.is_vouched {
            return Ok(false);
        }
        let Some(by) = granted.vouched_by else { return Ok(true) };
        let Some(role) = store::roles::by_id(locked.tx, granted.role_id).await? else { return Ok(false) };
        let roles = self.standings.roles();
        let acting = Acting::by_person(locked, by, roles, self.clock.now()).await?;
        Ok(acting.covers_row(&role, roles).is_ok())
    }

    /// Notes whether a member gets what is granted; answers what is to be told, once.
    pub(super) async fn note_withheld(
        &self,
        locked: &Locked<'_, impl ConnectionTrait>,
        member: &member::Model,
        granted: &Granted,
        is_withheld: bool,
    ) -> Result<Option<Event>, DbErr> {
        if granted.withheld == is_withheld {
            return Ok(None);
        }
        store::plan_vouchers::withhold(locked, member.user_id, granted.subscription_id, is_withheld).await?;
        Ok(is_withheld.then(|| withheld(locked.id(), member.user_id, granted, self.clock.now())))
    }
}

/// Notes what is told of a subscription, and who answers for what it gives.
pub(super) async fn note(locked: &Locked<'_, impl ConnectionTrait>, grant: &PlanGrant) -> Result<(), DbErr> {
    let PlanGrant { user, subscription, sequence, plan, role, .. } = *grant;
    if let (Some(role), Some(voucher)) = (role, grant.voucher) {
        store::plan_vouchers::note(locked, plan, role, voucher.version, voucher.by).await?;
    }
    store::plan_roles::note(locked, user, subscription, sequence, (plan, role)).await
}

/// What an event of a plan says about who answers for its role.
pub(crate) fn voucher_in(event: &Event) -> Option<PlanVoucher> {
    let version = event.changes.get(events::VOUCHED_VERSION)?.as_i64()?;
    let by = event.changes.get(events::VOUCHED_BY).and_then(|by| by.as_str()?.parse().ok());
    Some(PlanVoucher { version: i32::try_from(version).ok()?, by: by.map(UserId) })
}
