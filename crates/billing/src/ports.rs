//! What this domain needs of others.

use std::{collections::BTreeMap, fmt};

use async_trait::async_trait;
use kernel::{
    authority::{Caller, WorkspaceRef},
    ids::{RoleId, UserId, WorkspaceId},
    problem::Problem,
};
use sea_orm::DbErr;
use uuid::Uuid;

use crate::invoices::InvoiceId;

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
    /// The role, while it is in force and its plan gives one.
    pub role: Option<RoleId>,
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

/// Roles that plans give, and the members that they have room for.
#[async_trait]
pub trait Roles: Send + Sync + 'static {
    /// The role of that name which `by` may let a plan of the workspace give; refused with a problem at `/grants_role`.
    async fn for_plans(&self, by: &Caller, workspace: WorkspaceId, name: &str) -> Result<RoleId, Problem>;

    /// Gives the role, or takes it back. Done again, or late, it does no harm.
    async fn settle(&self, grant: &RoleGrant) -> Result<(), DbErr>;

    /// Keeps to it from now on. Done again, or late, it does no harm.
    async fn settle_seats(&self, seats: &Seats) -> Result<(), DbErr>;

    /// Whether `user` is an active member of the workspace.
    async fn is_member(&self, workspace: WorkspaceId, user: UserId) -> Result<bool, DbErr>;

    /// The workspace that a reference names.
    async fn workspace(&self, reference: &WorkspaceRef) -> Result<Option<WorkspaceId>, DbErr>;
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
