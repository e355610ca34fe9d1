//! What this domain needs of others.

use async_trait::async_trait;
use kernel::ids::{UserId, WorkspaceId};
use sea_orm::DbErr;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::notifications::Letter;

/// Who is called what.
#[async_trait]
pub trait People: Send + Sync {
    /// Who has that username, whatever its case.
    async fn id_of_username(&self, username: &str) -> Result<Option<UserId>, DbErr>;
}

/// A crowd that is told of something together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crowd {
    /// What happened, as in `workshop.cancelled`: whom it concerns follows from it.
    pub action: String,
    /// Where.
    pub workspace: WorkspaceId,
    /// To what.
    pub resource_id: Uuid,
    /// Which message, where somebody wrote one.
    pub message: Option<Uuid>,
}

/// What somebody wrote to a crowd.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// What it is about.
    pub title: String,
    /// What there is to say.
    pub body: String,
}

/// Who belongs to a crowd.
#[async_trait]
pub trait Audience: Send + Sync + 'static {
    /// Those who belong to it, in the order of their ids: the first `limit` after `after`. None where there are no more.
    async fn page(&self, crowd: &Crowd, after: Option<UserId>, limit: u32) -> Result<Vec<UserId>, DbErr>;

    /// What was written to it; none where that is gone.
    async fn words(&self, crowd: &Crowd) -> Result<Option<Words>, DbErr>;
}

/// Where letters are put, to be written and sent.
#[async_trait]
pub trait Letterbox: Send + Sync + 'static {
    /// Has a letter sent. Posted twice, it is sent once.
    async fn post(&self, letter: &Letter) -> Result<(), DbErr>;
}
