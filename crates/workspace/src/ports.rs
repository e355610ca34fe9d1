//! What this domain needs of others.

use std::collections::HashMap;

use async_trait::async_trait;
use kernel::ids::UserId;
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

    /// Whether their profile is complete and their phone confirmed.
    async fn is_onboarded(&self, user: UserId) -> Result<bool, DbErr>;
}
