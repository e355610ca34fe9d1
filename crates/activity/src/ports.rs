//! What this domain needs of others.

use async_trait::async_trait;
use kernel::ids::UserId;
use sea_orm::DbErr;

/// Who is called what.
#[async_trait]
pub trait People: Send + Sync {
    /// Who has that username, whatever its case.
    async fn id_of_username(&self, username: &str) -> Result<Option<UserId>, DbErr>;
}
