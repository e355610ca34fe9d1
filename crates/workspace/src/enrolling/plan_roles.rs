//! Roles that members hold by what they subscribed to: given while it is in force, taken back when it isn't, whatever
//! happens in between and in whatever order it is heard.

use kernel::{
    authority::Caller,
    failure::Failure,
    ids::{RoleId, UserId, WorkspaceId},
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr};
use uuid::Uuid;

use super::{Enrolling, PlanVoucher, plan_vouchers};
use crate::{
    WorkspaceError,
    dto::MemberStatus,
    entity::{member, role},
    service::{Acting, check_kept, role_changed},
    store::{
        self, Locked,
        plan_roles::{Effect, Granted},
    },
};

/// What a subscription gives a member, as of one moment in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanGrant {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The member.
    pub user: UserId,
    /// The subscription.
    pub subscription: Uuid,
    /// The how-manieth thing that became of it: the highest has the last word.
    pub sequence: i64,
    /// Its plan.
    pub plan: Uuid,
    /// The role, while it is in force and its plan gives one.
    pub role: Option<RoleId>,
    /// Who answers for that; not told by a version of the program that asks nobody to.
    pub voucher: Option<PlanVoucher>,
}

/// A role by a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Given {
    subscription_id: Uuid,
    role_id: RoleId,
}

impl From<&Granted> for Given {
    fn from(granted: &Granted) -> Self {
        Self { subscription_id: granted.subscription_id, role_id: granted.role_id }
    }
}

/// Why a plan can't give a role.
#[derive(Debug, thiserror::Error)]
pub enum PlanRoleRefusal {
    /// The workspace has no such role that plans may give.
    #[error("no role for plans")]
    NotForPlans {
        /// Those that it has.
        available: Vec<String>,
    },
    /// Refused for a reason of the workspace's rules, as that they don't hold what the role grants.
    #[error(transparent)]
    Refused(#[from] WorkspaceError),
}

impl Enrolling {
    /// The role of that name which `by` may let a plan give: it is marked so, and they cover it.
    pub async fn role_for_plans(
        &self,
        by: &Caller,
        workspace: WorkspaceId,
        name: &str,
    ) -> Result<RoleId, PlanRoleRefusal> {
        let tx = self.system.begin().await.map_err(WorkspaceError::from)?;
        let locked = Locked::take(&tx, workspace).await.map_err(WorkspaceError::from)?;
        let locked = locked.ok_or(WorkspaceError::NotFound)?;
        let mut all = store::roles::all(&locked).await.map_err(WorkspaceError::from)?;
        all.retain(|role| role.granted_by_plan);
        let available = all.iter().map(|role| role.name.clone()).collect();
        let Some(role) = all.into_iter().find(|role| role.name == name) else {
            return Err(PlanRoleRefusal::NotForPlans { available });
        };
        let roles = self.standings.roles();
        let acting = Acting::by_standing(&locked, by, roles, self.clock.now()).await.map_err(WorkspaceError::from)?;
        acting.covers_row(&role, roles)?;
        Ok(role.id)
    }

    /// The same for the program itself, which nothing is beyond.
    pub async fn role_for_seeded_plans(
        &self,
        workspace: WorkspaceId,
        name: &str,
    ) -> Result<Option<RoleId>, WorkspaceError> {
        let all = store::roles::of(&self.system.db(), workspace).await?;
        Ok(all.into_iter().find(|role| role.name == name && role.granted_by_plan).map(|role| role.id))
    }

    /// Hears what a subscription gives. Heard again, or after something later, it does nothing.
    pub async fn take_plan_grant(&self, grant: &PlanGrant) -> Result<(), DbErr> {
        self.settle(grant.workspace, grant.user, Some(grant)).await
    }

    /// Hears how many members a subscription of the workspace has room for. Who is there stays.
    pub async fn take_seats(
        &self,
        workspace: WorkspaceId,
        subscription: Uuid,
        sequence: i64,
        most: Option<i64>,
    ) -> Result<(), DbErr> {
        let tx = self.system.begin().await?;
        let Some(locked) = Locked::take(&tx, workspace).await? else { return Ok(()) };
        store::plan_roles::note_seats(&locked, subscription, sequence, most).await?;
        tx.commit().await
    }

    /// Does what is to be done because a membership began or ended.
    pub async fn settle_plan_role(&self, workspace: WorkspaceId, user: UserId) -> Result<(), DbErr> {
        self.settle(workspace, user, None).await
    }

    async fn settle(&self, workspace: WorkspaceId, user: UserId, grant: Option<&PlanGrant>) -> Result<(), DbErr> {
        let tx = self.system.begin().await?;
        let Some(locked) = Locked::take(&tx, workspace).await? else { return Ok(()) };
        if let Some(grant) = grant {
            plan_vouchers::note(&locked, grant).await?;
        }
        let member = store::members::get(&locked, user).await?;
        // Who was asked, and has not answered, gets what they were asked to be first.
        let Some(member) = member.filter(|member| member.status != MemberStatus::Invited) else {
            store::plan_roles::clear(&locked, user).await?;
            return tx.commit().await;
        };
        let granted = store::plan_roles::given(&locked, user).await?;
        let known = store::plan_roles::effect(&locked, user).await?;
        let known = known.filter(|effect| effect.joined_at == member.joined_at);
        if granted.is_none() && known.is_none() {
            return tx.commit().await;
        }
        let before = known.unwrap_or_else(|| nothing(&member));
        let keeps = self.keeps_role(&locked, &member).await?;
        let given = granted.as_ref().map(Given::from);
        let (mut after, mut role) = decide(&before, &member, given, keeps);
        if let Some(granted) = &granted {
            // Who holds it already keeps it; to be given anew, it takes somebody who answers for it.
            let is_anew = role == Some(granted.role_id);
            let is_withheld = is_anew && !self.is_vouched(&locked, granted).await?;
            if is_withheld {
                (after, role) = decide(&before, &member, None, keeps);
            }
            if let Some(told) = self.note_withheld(&locked, &member, granted, is_withheld).await? {
                tx.announce(told).await?;
            }
        }
        store::plan_roles::save(&locked, user, &after).await?;
        if let Some(role) = role {
            let role = existing(&locked, role).await?;
            let now = self.clock.now();
            let change = member::ActiveModel { role_id: Set(role), ..Default::default() };
            store::members::update(&locked, &member, change, now).await?;
            match check_kept(&locked, self.standings.roles().vocabulary()).await {
                Ok(()) => {}
                Err(WorkspaceError::Failure(Failure::Db(error))) => return Err(error),
                Err(refused) => {
                    tracing::warn!(%user, %workspace, %refused, "a plan's role is not exchanged");
                    return Ok(());
                }
            }
            tx.announce(role_changed(workspace, user, member.role_id, role, now).fact("by_plan", true)).await?;
        }
        tx.commit().await?;
        self.standings.forget_user(user);
        Ok(())
    }

    /// Whether no plan's role takes the place of theirs: it is an administrator's, or the owner's.
    async fn keeps_role(
        &self,
        locked: &Locked<'_, impl ConnectionTrait>,
        member: &member::Model,
    ) -> Result<bool, DbErr> {
        if member.user_id == locked.workspace.owner_id || member.role_id == locked.workspace.owner_role_id {
            return Ok(true);
        }
        let role = store::roles::by_id(locked.tx, member.role_id).await?;
        let vocabulary = self.standings.roles().vocabulary();
        let administers =
            |role: role::Model| vocabulary.restore(&role.permissions).document.is_administrator(vocabulary);
        Ok(role.is_some_and(administers))
    }
}

fn nothing(member: &member::Model) -> Effect {
    Effect { joined_at: member.joined_at, given_role: None, former_role: None, yielded_to: None, yielded_role: None }
}

/// The role if it is there still; else the one that people get who join.
async fn existing(locked: &Locked<'_, impl ConnectionTrait>, role: RoleId) -> Result<RoleId, DbErr> {
    let known = store::roles::by_id(locked.tx, role).await?;
    let here = known.is_some_and(|role| role.workspace_id == Some(locked.id()));
    Ok(if here { role } else { locked.workspace.default_role_id })
}

/// What becomes of a membership: what is to be known of it, and the role that it gets, if another.
fn decide(before: &Effect, member: &member::Model, given: Option<Given>, keeps: bool) -> (Effect, Option<RoleId>) {
    let now = member.role_id;
    let clear = nothing(member);
    let yields = |given: Given| Effect {
        yielded_to: Some(given.subscription_id),
        yielded_role: Some(given.role_id),
        ..clear.clone()
    };
    match (given, before.given_role.zip(before.former_role)) {
        // Somebody gave them another role: that stays, until it is about another subscription or another role of it.
        (Some(given), Some((was, _))) if now != was => (yields(given), None),
        (None, Some((was, _))) if now != was => (clear, None),
        (None, Some((_, former))) => (clear, Some(former).filter(|former| *former != now)),
        (None, None) => (clear, None),
        (Some(given), Some((was, former))) => {
            let after = Effect { given_role: Some(given.role_id), former_role: Some(former), ..clear };
            (after, Some(given.role_id).filter(|role| *role != was))
        }
        (Some(given), None) => {
            let yielded = (before.yielded_to, before.yielded_role);
            if keeps || yielded == (Some(given.subscription_id), Some(given.role_id)) {
                return (yields(given), None);
            }
            let after = Effect { given_role: Some(given.role_id), former_role: Some(now), ..clear };
            (after, Some(given.role_id).filter(|role| *role != now))
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    const fn role(number: u128) -> RoleId {
        RoleId(Uuid::from_u128(number))
    }

    fn member(role: RoleId) -> member::Model {
        let (workspace, user) = (WorkspaceId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)));
        member::Model::begun(workspace, user, role, DateTime::UNIX_EPOCH)
    }

    #[expect(clippy::unnecessary_wraps, reason = "as a step has it, which may give nothing")]
    fn given(subscription: u128, by: RoleId) -> Option<Given> {
        Some(Given { subscription_id: Uuid::from_u128(subscription), role_id: by })
    }

    const USER: RoleId = role(10);
    const GROWTH: RoleId = role(11);
    const COMPANY: RoleId = role(12);

    /// Plays steps from the role of a user; answers the role at the end.
    fn play(steps: &[(Option<Given>, Option<RoleId>)]) -> RoleId {
        let (mut held, mut effect) = (USER, nothing(&member(USER)));
        for (given, by_hand) in steps {
            held = by_hand.unwrap_or(held);
            let (after, role) = decide(&effect, &member(held), *given, false);
            (effect, held) = (after, role.unwrap_or(held));
        }
        held
    }

    #[test]
    fn the_former_role_comes_back_also_after_a_change_of_plan() {
        assert_eq!(play(&[(given(1, GROWTH), None)]), GROWTH);
        assert_eq!(play(&[(given(1, GROWTH), None), (None, None)]), USER);
        assert_eq!(play(&[(given(1, GROWTH), None), (given(1, COMPANY), None)]), COMPANY);
        assert_eq!(play(&[(given(1, GROWTH), None), (given(1, COMPANY), None), (None, None)]), USER);
        assert_eq!(play(&[(given(1, GROWTH), None), (given(1, GROWTH), None), (None, None), (None, None)]), USER);
    }

    #[test]
    fn what_was_given_by_hand_meanwhile_stays() {
        let by_hand = role(20);
        let steps = [(given(1, GROWTH), None), (given(1, GROWTH), Some(by_hand))];
        assert_eq!(play(&steps), by_hand);
        assert_eq!(play(&[steps[0], steps[1], (given(1, GROWTH), None), (None, None)]), by_hand);
        assert_eq!(play(&[steps[0], (None, Some(by_hand))]), by_hand);
        // Another subscription, or another plan, gives its role anew; and that one comes back.
        assert_eq!(play(&[steps[0], steps[1], (given(2, GROWTH), None)]), GROWTH);
        assert_eq!(play(&[steps[0], steps[1], (given(1, COMPANY), None), (None, None)]), by_hand);
    }

    #[test]
    fn who_had_the_role_keeps_it() {
        let (after, role) = decide(&nothing(&member(GROWTH)), &member(GROWTH), given(1, GROWTH), false);
        assert_eq!((after.former_role, role), (Some(GROWTH), None));
        assert_eq!(decide(&after, &member(GROWTH), None, false).1, None);
    }

    #[test]
    fn an_administrator_stays_one() {
        let (after, role) = decide(&nothing(&member(USER)), &member(USER), given(1, GROWTH), true);
        assert_eq!((after.given_role, role), (None, None));
        assert_eq!(decide(&after, &member(USER), None, true).1, None);
    }
}
