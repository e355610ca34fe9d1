//! The guard's questions, answered by accounts (whose token) and workspaces (what they hold).

use std::sync::Arc;

use accounts::Tokens;
use async_trait::async_trait;
use kernel::{
    authority::{Authority, Caller, Claim, Standing, TokenFault, WorkspaceRef},
    db::{Databases, Module},
    ids::{UserId, WorkspaceId},
};
use sea_orm::{DatabaseTransaction, DbErr};
use workspace::Standings;

/// The authority of this program.
#[derive(Debug)]
pub struct ProgramAuthority {
    tokens: Tokens,
    standings: Arc<Standings>,
    /// The modules whose transactions can see the tables of accounts.
    with_accounts: Vec<&'static str>,
}

impl ProgramAuthority {
    /// Joins the two.
    pub fn new(tokens: Tokens, standings: Arc<Standings>, databases: &Databases) -> Self {
        let shares = |module: &&'static str| databases.share(module, accounts::Schema::NAME);
        Self { tokens, standings, with_accounts: migration::MODULES.into_iter().filter(shares).collect() }
    }

    async fn credential_holds(&self, claim: &Claim, module: &str, tx: &DatabaseTransaction) -> Result<bool, DbErr> {
        // Never from the pool that the transaction came from: to hold one connection and wait for another starves it.
        self.tokens.holds(&claim.by, self.with_accounts.contains(&module).then_some(tx)).await
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
        Ok(self.credential_holds(claim, module, tx).await? && self.standings.confirm(claim, module, tx).await?)
    }
}
