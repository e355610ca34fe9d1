//! The ledger as other domains use it.

use kernel::{
    db::{Databases, Module, System},
    ids::WorkspaceId,
};
use sea_orm::{ConnectionTrait, DbErr};

use crate::{
    Schema,
    error::LedgerError,
    store::{self, Selection, Total},
    transfer::{Posted, Transfer},
};

/// Posts transfers and adds them up.
#[derive(Clone, Debug)]
pub struct Ledger {
    system: System<Schema>,
    databases: Databases,
}

impl Ledger {
    /// The ledger of this program.
    pub fn new(databases: &Databases) -> Self {
        Self { system: databases.system("ledger"), databases: databases.clone() }
    }

    /// Whether it lies in the database of module `M`: then a transaction of that module's can post with
    /// [`Ledger::post_in`], and what it changes and what it posts are committed as one.
    pub fn is_beside<M: Module>(&self) -> bool {
        self.databases.share(M::NAME, Schema::NAME)
    }

    /// Posts within a transaction of the ledger's own database. That it balances is asked when that commits.
    pub async fn post_in(&self, tx: &impl ConnectionTrait, transfer: &Transfer) -> Result<Posted, LedgerError> {
        Ok(store::post(tx, transfer).await?)
    }

    /// Posts by itself. Done again after a failure, it is done once.
    pub async fn post(&self, transfer: &Transfer) -> Result<Posted, LedgerError> {
        Ok(store::post(&self.system.db(), transfer).await?)
    }

    /// What was debited and credited, by kind of account and currency, and by month and owner where that is asked for.
    /// One statement.
    pub async fn totals(&self, workspace: WorkspaceId, selection: &Selection) -> Result<Vec<Total>, DbErr> {
        store::totals(&self.system.db(), workspace, selection).await
    }
}
