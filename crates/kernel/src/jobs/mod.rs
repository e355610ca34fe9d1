//! Work that is done after the request: kept in PostgreSQL, enqueued in the transaction that asks for it, and done at
//! least once, with its effect taken once.
//!
//! A module that needs jobs has a table `jobs` of the same shape in its schema. A worker claims a job for the time of a
//! lease; what it writes is committed together with the job's progress, and only while the lease is still its own.

mod claim;
mod desk;
mod workers;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement};
use serde_json::Value;
use uuid::Uuid;

pub use claim::{Claim, JobFault};
pub use desk::{Desk, JobRecord, Refused};
pub use workers::{Pace, Work, Workers};

use crate::{
    db::{Module, SystemTx},
    guard::{Action, Tx},
    ids::{WorkspaceId, uuid_v7},
};

/// A job to be enqueued.
#[derive(Clone, Debug)]
pub struct NewJob {
    kind: &'static str,
    key: String,
    workspace: Option<WorkspaceId>,
    payload: Value,
    due_at: DateTime<Utc>,
    made_at: DateTime<Utc>,
}

impl NewJob {
    /// A job of this kind, due at once. Under the same key it is done once, however often it is enqueued. The payload is
    /// shown to operators, so nothing secret may be in it.
    pub fn new(kind: &'static str, key: impl Into<String>, payload: Value, now: DateTime<Utc>) -> Self {
        Self { kind, key: key.into(), workspace: None, payload, due_at: now, made_at: now }
    }

    /// Names the workspace that it is done for.
    #[must_use]
    pub fn in_workspace(self, workspace: Option<WorkspaceId>) -> Self {
        Self { workspace, ..self }
    }

    /// Not before this instant.
    #[must_use]
    pub fn due(self, at: DateTime<Utc>) -> Self {
        Self { due_at: at, ..self }
    }

    /// Enqueues it in a transaction of `module`'s database; answers whether there was none with its key. The workers are
    /// woken by the table's trigger when that commits.
    async fn store(&self, module: &str, tx: &impl ConnectionTrait) -> Result<bool, DbErr> {
        let sql = format!(
            "INSERT INTO {module}.jobs (id, kind, key, workspace_id, payload, due_at, created_at) \
             VALUES ($1,$2,$3,$4,$5,$6,$7) ON CONFLICT (kind, key) DO NOTHING"
        );
        let values = [
            uuid_v7(self.made_at).into(),
            self.kind.into(),
            self.key.clone().into(),
            self.workspace.into(),
            self.payload.clone().into(),
            self.due_at.into(),
            self.made_at.into(),
        ];
        let stored = tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
        Ok(stored.rows_affected() > 0)
    }
}

impl SystemTx<'_> {
    /// Enqueues a job with the change that asks for it; answers whether there was none with its key.
    pub async fn enqueue(&self, job: &NewJob) -> Result<bool, DbErr> {
        job.store(self.module(), self).await
    }
}

impl<A: Action> Tx<'_, A> {
    /// Enqueues a job with the change that asks for it; answers whether there was none with its key.
    pub async fn enqueue(&self, job: &NewJob) -> Result<bool, DbErr> {
        job.store(A::Module::NAME, self).await
    }
}

/// A job, as whoever does it sees it.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub struct Job {
    /// Its identity.
    pub id: Uuid,
    /// What is to be done.
    pub kind: String,
    /// By what a repetition of it is known.
    pub key: String,
    /// For which workspace, if for one.
    pub workspace_id: Option<WorkspaceId>,
    /// What whoever enqueued it says.
    pub payload: Value,
    /// Where whoever did some of it was; none where nothing is done yet.
    pub progress: Option<Value>,
    /// How often it was begun since it last got on, this time included.
    pub attempts: i32,
    /// When it was enqueued.
    pub created_at: DateTime<Utc>,
}
