//! What notifications need of the modules whose events concern crowds.

use activity::ports::{Audience, Crowd, Words};
use async_trait::async_trait;
use kernel::ids::UserId;
use sea_orm::DbErr;

/// The crowds of this program. No module of it has any yet.
#[derive(Clone, Copy, Debug)]
pub struct Crowds;

#[async_trait]
impl Audience for Crowds {
    async fn page(&self, _: &Crowd, _: Option<UserId>, _: u32) -> Result<Vec<UserId>, DbErr> {
        Ok(Vec::new())
    }

    async fn words(&self, _: &Crowd) -> Result<Option<Words>, DbErr> {
        Ok(None)
    }
}
