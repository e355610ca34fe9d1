//! What this domain needs of others.

use std::collections::HashMap;

use async_trait::async_trait;
use kernel::ids::{ProjectId, UserId, WorkspaceId};
use sea_orm::DbErr;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What members see of each other's account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = MemberName)]
pub struct PersonName {
    /// The name they go by, if they chose one.
    pub username: Option<String>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
}

/// What everybody may know of somebody who is listed in a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicProfile {
    /// Who.
    pub user: UserId,
    /// What they are called.
    pub name: PersonName,
    /// Who they are, in a line or two.
    pub bio: String,
    /// Who they are, at length.
    pub description: String,
    /// Their emoji and its colour.
    pub avatar: Option<(String, String)>,
}

/// A public project of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicProject {
    /// Its identity.
    pub id: ProjectId,
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
}

/// What people work on, as far as it is public and the one who looks may see projects there at all.
#[async_trait]
pub trait Portfolios: Send + Sync {
    /// The public projects of these people in these workspaces, of each the newest first. One statement.
    async fn projects_of(
        &self,
        viewer: UserId,
        people: &[UserId],
        workspaces: &[WorkspaceId],
    ) -> Result<HashMap<UserId, Vec<PublicProject>>, DbErr>;

    /// Who owns a public project or takes part in it; nobody if the one who looks may not see it.
    async fn people_of(&self, viewer: UserId, project: ProjectId) -> Result<Vec<UserId>, DbErr>;
}

/// Where somebody gets mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    /// The address in lower case, by which it is compared.
    pub key: String,
    /// Whether they have shown that it is theirs.
    pub is_proven: bool,
}

/// The accounts, as far as memberships need them.
#[async_trait]
pub trait People: Send + Sync {
    /// The address of someone whose account is there and active.
    async fn mailbox(&self, user: UserId) -> Result<Option<Mailbox>, DbErr>;

    /// The names of these people; accounts that are gone are left out.
    async fn names(&self, users: &[UserId]) -> Result<HashMap<UserId, PersonName>, DbErr>;

    /// Whether there is such an account.
    async fn exists(&self, user: UserId) -> Result<bool, DbErr>;

    /// What is public of those of `users` whose account is active and, if `words` are given, of whose username or names
    /// each of them begins a word; by id, at most `limit`. One statement.
    async fn profiles(&self, users: &[UserId], words: Option<&str>, limit: u64) -> Result<Vec<PublicProfile>, DbErr>;

    /// Whether their profile is complete and their phone confirmed.
    async fn is_onboarded(&self, user: UserId) -> Result<bool, DbErr>;
}
