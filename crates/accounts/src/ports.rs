//! What this domain needs of others.

pub mod phone_codes;

use std::sync::Arc;

use async_trait::async_trait;
use kernel::{
    authority::{Bounds, Caller, WorkspaceRef},
    ids::{RoleId, UserId, WorkspaceId},
    problem::Problem,
};
use sea_orm::DbErr;
use serde_json::Value;
use uuid::Uuid;

/// The membership that a new account is to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enrolled {
    /// Where.
    pub workspace: WorkspaceId,
    /// By which role.
    pub role: RoleId,
}

/// What the token of an invitation is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    /// The invitation.
    pub invitation: Uuid,
    /// The membership that it brings.
    pub enrolled: Enrolled,
    /// The address that the token was mailed to; none where an account was invited, which signs in to accept.
    pub email: Option<String>,
}

/// Why a new account can't have the membership asked for.
#[derive(Debug, thiserror::Error)]
pub enum EnrolmentRefusal {
    /// There is no such workspace, or none that is open.
    #[error("no such workspace")]
    NotFound,
    /// The role is not one to give oneself.
    #[error("the role is not self-assignable")]
    RoleNotSelfAssignable {
        /// The names of those that are.
        available: Vec<String>,
    },
    /// The workspace has no such role.
    #[error("no such role")]
    UnknownRole {
        /// The names of those that may be had.
        available: Vec<String>,
    },
    /// Another rule of workspaces stands against it, as that nobody hands out what they don't hold; told in their words.
    #[error(transparent)]
    Refused(Problem),
    /// The database failed.
    #[error(transparent)]
    Unavailable(#[from] DbErr),
}

/// How a new account comes to its membership. The membership is made by whoever hears of
/// [`SIGNED_UP`](crate::events::SIGNED_UP) and [`USER_CREATED`](crate::events::USER_CREATED), so that it is made even
/// if the program dies right after the account is.
#[async_trait]
pub trait Enrolment: Send + Sync {
    /// The membership that someone who signs up gets: registration must be open, and the role self-assignable. With
    /// no role named it is the workspace's default.
    async fn check(&self, workspace: &WorkspaceRef, role: Option<&str>) -> Result<Enrolled, EnrolmentRefusal>;

    /// The membership that `granter`, a member or platform administrator, gives: what they hold, less what a token takes away,
    /// must cover the role.
    async fn check_by(
        &self,
        granter: &Caller,
        workspace: WorkspaceId,
        role: Option<&str>,
    ) -> Result<Enrolled, EnrolmentRefusal>;

    /// What the holder of an invitation's token would become; refused if the invitation stands no more.
    async fn invited(&self, token: &str) -> Result<Invited, EnrolmentRefusal>;

    /// Accepts an invitation for someone who is signed in, if it is for them.
    async fn accept(&self, user: UserId, token: &str) -> Result<Enrolled, EnrolmentRefusal>;

    /// Whether someone is an active member at this moment.
    async fn is_member(&self, user: UserId, workspace: WorkspaceId) -> Result<bool, DbErr>;

    /// Sees to it that what was announced is heard before the answer goes out. Failing is no harm: it is heard later.
    async fn settle(&self);
}

/// Why a membership was not removed.
#[derive(Debug, thiserror::Error)]
pub enum MembershipRefusal {
    /// A rule of workspaces stands against it, as that one never loses its last administrator; told in their words.
    #[error(transparent)]
    Refused(Problem),
    /// They hold a platform role, or own a workspace that was deleted and can be brought back.
    #[error("still belongs somewhere")]
    StillBelongs,
    /// There is no such membership.
    #[error("not a member")]
    NotMember,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbErr),
}

/// In which order people are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// By ascending id: who came first, first.
    OldestFirst,
    /// By descending id.
    NewestFirst,
}

/// Who belongs where.
#[async_trait]
pub trait Memberships: Send + Sync {
    /// The people with an active membership in any of `workspaces`, each once, ordered by user id as `direction` says,
    /// from the first one past `after`, at most `limit`. Fewer than `limit` means that there are no more.
    async fn people(
        &self,
        workspaces: &[WorkspaceId],
        after: Option<UserId>,
        direction: Direction,
        limit: u64,
    ) -> Result<Vec<UserId>, DbErr>;

    /// Removes a membership; answers whether the person belongs anywhere still: to a workspace, as whatever, or to the
    /// platform. That `by` may has been decided.
    async fn remove(&self, by: &Caller, workspace: WorkspaceId, user: UserId) -> Result<bool, MembershipRefusal>;

    /// Whether [`Memberships::remove`] would be refused, and why.
    async fn may_remove(&self, by: &Caller, workspace: WorkspaceId, user: UserId) -> Result<(), MembershipRefusal>;

    /// Removes every membership of someone, of whatever status, or none at all where a rule stands against one of them.
    async fn remove_everywhere(&self, by: &Caller, user: UserId) -> Result<(), MembershipRefusal>;
}

/// What a token may do, as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Delegated {
    /// The one workspace that it reaches; none for all of its owner's.
    pub workspace: Option<WorkspaceId>,
    /// The role document, in canonical form.
    pub permissions: Value,
}

/// What people may hand on to their programs.
#[async_trait]
pub trait Delegations: Send + Sync {
    /// Checks a role document for a token of `user`: it must be sound and grant nothing that they don't hold, in
    /// `workspace` if one is named, which must be theirs. Otherwise 422, naming each place.
    async fn check(
        &self,
        user: UserId,
        workspace: Option<&WorkspaceRef>,
        permissions: &Value,
    ) -> Result<Delegated, Problem>;

    /// What a token of this workspace and document leaves of what its owner holds.
    fn bounds(&self, workspace: Option<WorkspaceId>, permissions: &Value) -> Arc<dyn Bounds>;
}
