//! What this domain needs of others.

pub mod phone_codes;

use async_trait::async_trait;
use kernel::{
    authority::WorkspaceRef,
    ids::{RoleId, UserId, WorkspaceId},
    problem::Problem,
};
use sea_orm::DbErr;

/// The membership that a new account is to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enrolled {
    /// Where.
    pub workspace: WorkspaceId,
    /// By which role.
    pub role: RoleId,
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

    /// The membership that `granter`, a member or platform administrator, gives: their grants must cover the role's.
    async fn check_by(
        &self,
        granter: UserId,
        workspace: WorkspaceId,
        role: Option<&str>,
    ) -> Result<Enrolled, EnrolmentRefusal>;

    /// Sees to it that what was announced is heard before the answer goes out. Failing is no harm: it is heard later.
    async fn settle(&self);
}

/// Why a membership was not removed.
#[derive(Debug, thiserror::Error)]
pub enum MembershipRefusal {
    /// A rule of workspaces stands against it, as that one never loses its last administrator; told in their words.
    #[error(transparent)]
    Refused(Problem),
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

    /// Removes a membership. That `by` may has been decided.
    async fn remove(&self, by: UserId, workspace: WorkspaceId, user: UserId) -> Result<(), MembershipRefusal>;

    /// Whether [`Memberships::remove`] would be refused, and why.
    async fn may_remove(&self, by: UserId, workspace: WorkspaceId, user: UserId) -> Result<(), MembershipRefusal>;

    /// Whether someone has a membership of whatever status, or a platform role.
    async fn belongs_anywhere(&self, user: UserId) -> Result<bool, DbErr>;
}
