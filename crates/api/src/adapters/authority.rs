//! The guard's questions, answered by accounts (whose token) and workspaces (what they hold).

use std::sync::Arc;

use accounts::Tokens;
use async_trait::async_trait;
use kernel::{
    authority::{Authority, Caller, Claim, Standing, TokenFault, WorkspaceRef},
    ids::{UserId, WorkspaceId},
};
use sea_orm::{DatabaseTransaction, DbErr};
use workspace::Standings;

/// The authority of this program.
#[derive(Debug)]
pub struct ProgramAuthority {
    tokens: Tokens,
    standings: Arc<Standings>,
}

impl ProgramAuthority {
    /// Joins the two.
    pub fn new(tokens: Tokens, standings: Arc<Standings>) -> Self {
        Self { tokens, standings }
    }
}

#[async_trait]
impl Authority for ProgramAuthority {
    async fn authenticate(&self, token: &str) -> Result<Caller, TokenFault> {
        self.tokens.verify(token).await
    }

    async fn standing(&self, user: UserId) -> Result<Arc<Standing>, DbErr> {
        self.standings.standing(user).await
    }

    async fn find_workspace(&self, reference: &WorkspaceRef) -> Result<Option<WorkspaceId>, DbErr> {
        self.standings.find_workspace(reference).await
    }

    async fn confirm(&self, claim: &Claim, module: &'static str, tx: &DatabaseTransaction) -> Result<bool, DbErr> {
        self.standings.confirm(claim, module, tx).await
    }
}
