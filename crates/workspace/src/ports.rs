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

/// The accounts, as far as memberships need them.
#[async_trait]
pub trait People: Send + Sync {
    /// Whose e-mail address this is, whatever its case.
    async fn find_by_email(&self, email: &str) -> Result<Option<UserId>, DbErr>;

    /// The names of these people; accounts that are gone are left out.
    async fn names(&self, users: &[UserId]) -> Result<HashMap<UserId, PersonName>, DbErr>;

    /// Whether there is such an account.
    async fn exists(&self, user: UserId) -> Result<bool, DbErr>;
}
