//! What this domain needs of others.

use std::collections::HashMap;

use async_trait::async_trait;
use kernel::{
    grant::Limit,
    ids::{UserId, WorkspaceId},
};
use sea_orm::DbErr;

/// What a person is called, as far as they said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonName {
    /// The name they sign in with and are found by.
    pub username: Option<String>,
    /// Their first name.
    pub first_name: Option<String>,
    /// Their last name.
    pub last_name: Option<String>,
}

/// Who belongs to workspaces, and what people are called.
#[async_trait]
pub trait Members: Send + Sync {
    /// Whether `user` is an active member of `workspace` at this moment.
    async fn is_active_member(&self, workspace: WorkspaceId, user: UserId) -> Result<bool, DbErr>;

    /// What `limit` bounds for `user` in `workspace` by the role that they hold there at this moment, if it does.
    async fn limit(&self, workspace: WorkspaceId, user: UserId, limit: &Limit) -> Result<Option<i64>, DbErr>;

    /// The code of the currency that a workspace reckons in; none if there is no such workspace.
    async fn currency(&self, workspace: WorkspaceId) -> Result<Option<String>, DbErr>;

    /// Who has that username, whatever its case.
    async fn id_of_username(&self, username: &str) -> Result<Option<UserId>, DbErr>;

    /// The names of those of `users` who have an account. One statement.
    async fn names(&self, users: &[UserId]) -> Result<HashMap<UserId, PersonName>, DbErr>;
}
