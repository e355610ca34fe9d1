//! What this domain needs of others.

use std::{collections::BTreeMap, fmt};

use async_trait::async_trait;
use kernel::{
    authority::{Caller, WorkspaceRef},
    bounds::Word,
    ids::{RoleId, UserId, WorkspaceId},
    problem::Problem,
};
use sea_orm::DbErr;
use uuid::Uuid;

use crate::{invoices::InvoiceId, plans::PlanId};

/// What a subscription gives a member, as of one moment in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoleGrant {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The member.
    pub user: UserId,
    /// The subscription.
    pub subscription: Uuid,
    /// The how-manieth thing that became of it: the highest has the last word.
    pub sequence: i64,
    /// Its plan.
    pub plan: PlanId,
    /// The role, while it is in force and its plan gives one, and who answers for that.
    pub role: Option<(RoleId, Voucher)>,
}

/// Who answers for it that a plan gives a role: whoever last published the plan with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Voucher {
    /// The version that they published.
    pub version: i32,
    /// Who; nobody, where the program did.
    pub by: Option<UserId>,
}

/// How many members a subscription of a workspace has room for, as of one moment in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seats {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The subscription.
    pub subscription: Uuid,
    /// The how-manieth thing that became of it: the highest has the last word.
    pub sequence: i64,
    /// How many, while it is in force and its plan bounds them.
    pub most: Option<i64>,
}

/// What a subscription bounds, as of one moment in its life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The member whose it is; none where it is the workspace's.
    pub user: Option<UserId>,
    /// The subscription.
    pub subscription: Uuid,
    /// The how-manieth thing that became of it: the highest has the last word.
    pub sequence: i64,
    /// By key of limit, while it is in force.
    pub most: BTreeMap<String, i64>,
}

impl Limits {
    /// What is said of one key.
    pub fn word(&self, key: &str) -> Word {
        let most = self.most.get(key).copied();
        Word { subscription_id: self.subscription, user_id: self.user, sequence: self.sequence, most }
    }
}

/// Roles that plans give, and the members that they have room for.
#[async_trait]
pub trait Roles: Send + Sync + 'static {
    /// The role of that name which `by` may let a plan of the workspace give; refused with a problem at `/grants_role`.
    async fn for_plans(&self, by: &Caller, workspace: WorkspaceId, name: &str) -> Result<RoleId, Problem>;

    /// Which of these roles plans of the workspace may give at this moment, each with who answers for it: they have to cover it
    /// still. That somebody holds one already is another matter.
    async fn vouched(&self, workspace: WorkspaceId, asked: &[(RoleId, Option<UserId>)]) -> Result<Vec<bool>, DbErr>;

    /// Gives the role, or takes it back. Done again, or late, it does no harm.
    async fn settle(&self, grant: &RoleGrant) -> Result<(), DbErr>;

    /// Keeps to it from now on. Done again, or late, it does no harm.
    async fn settle_seats(&self, seats: &Seats) -> Result<(), DbErr>;

    /// Whether `user` is an active member of the workspace.
    async fn is_member(&self, workspace: WorkspaceId, user: UserId) -> Result<bool, DbErr>;

    /// The workspace that a reference names.
    async fn workspace(&self, reference: &WorkspaceRef) -> Result<Option<WorkspaceId>, DbErr>;
}

/// Those who count what plans bound.
#[async_trait]
pub trait Counting: Send + Sync + 'static {
    /// Go by it from now on. Done again, or late, it does no harm.
    async fn settle(&self, limits: &Limits) -> Result<(), DbErr>;
}

/// What is used of what plans bound.
#[async_trait]
pub trait Usage: Send + Sync + 'static {
    /// By key of limit: what `user` uses in the workspace, and what all of it does.
    async fn used(&self, workspace: WorkspaceId, user: UserId) -> Result<BTreeMap<&'static str, Used>, DbErr>;
}

/// How much is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// By the member.
    pub by_member: i64,
    /// By the workspace.
    pub by_workspace: i64,
}

/// An invoice that is to be paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    /// Which.
    pub invoice: InvoiceId,
    /// The how-manieth time it is asked for: with the invoice, the key by which a repetition is known.
    pub attempt: u32,
    /// Who pays: a member, or the workspace.
    pub payer: Uuid,
    /// How much, in minor units.
    pub amount: i64,
    /// The currency's code.
    pub currency: String,
}

/// What came of asking for money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is paid.
    Paid,
    /// It isn't, and won't be by this attempt.
    Declined,
    /// Somebody says later when it is.
    Pending,
}

/// Why a gateway gave no answer; it is asked again, with the same key.
#[derive(Debug, thiserror::Error)]
#[error("the payment gateway gave no answer: {0}")]
pub struct Unanswered(pub String);

/// How money is asked for.
#[async_trait]
pub trait Gateway: Send + Sync + fmt::Debug + 'static {
    /// Asks for it. The same invoice and attempt take money once, however often they are asked for.
    async fn charge(&self, charge: &Charge) -> Result<Outcome, Unanswered>;
}
