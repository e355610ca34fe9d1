//! A job that a worker holds for the time of a lease, and the transactions in which it gets on.

use std::fmt;

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, Value};
use tokio::sync::watch;
use uuid::Uuid;

use super::Job;
use crate::{
    clock::Clock,
    db::{Module, System, SystemTx},
};

/// Why a job didn't get on.
#[derive(Debug, thiserror::Error)]
pub enum JobFault {
    /// The lease ran out and the job is somebody else's, or an operator discarded it. Nothing of the step was committed.
    #[error("the lease is over")]
    Lost,
    /// This instance stops. What was saved stays, and another goes on from there.
    #[error("stopping")]
    Stopping,
    /// The database failed; it is tried again.
    #[error(transparent)]
    Db(#[from] DbErr),
    /// It can't be done now, for this reason; it is tried again. Operators read it: nothing secret may be in it.
    #[error("{0}")]
    Failed(String),
    /// It can never be done, for this reason; it waits for a person. Nothing secret may be in it.
    #[error("{0}")]
    Hopeless(String),
}

/// A claimed job.
///
/// What has to be read elsewhere is read first; then a step is written in the transaction of [`Claim::begin`], which
/// [`Claim::save`] or [`Claim::finish`] commits together with how far the job is. Whoever lost the lease can commit nothing.
pub struct Claim<M> {
    pub(super) job: Job,
    pub(super) lease: Uuid,
    pub(super) lasts: Duration,
    pub(super) system: System<M>,
    pub(super) clock: Clock,
    pub(super) stopping: watch::Receiver<bool>,
}

impl<M> fmt::Debug for Claim<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claim").field("job", &self.job.id).field("kind", &self.job.kind).finish_non_exhaustive()
    }
}

impl<M: Module> Claim<M> {
    /// What is to be done, and how far it was when it was claimed.
    pub fn job(&self) -> &Job {
        &self.job
    }

    /// The instant, by the server's clock.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Opens the transaction of a step. It holds the job's row, so that nobody else does the same step meanwhile.
    pub async fn begin(&self) -> Result<SystemTx<'_>, JobFault> {
        let tx = self.system.begin().await?;
        let sql = format!("SELECT 1 FROM {}.jobs WHERE id = $1 AND lease = $2 FOR UPDATE", M::NAME);
        let values = [self.job.id.into(), self.lease.into()];
        let held = tx.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
        if held.is_some() { Ok(tx) } else { Err(JobFault::Lost) }
    }

    /// Commits a step and how far the job is by it. The lease begins anew.
    pub async fn save(&self, tx: SystemTx<'_>, progress: serde_json::Value) -> Result<(), JobFault> {
        let change = "progress = $3, attempts = 0, due_at = $4";
        let values = [progress.into(), (self.now() + self.lasts).into()];
        self.write(&tx, change, values).await?;
        tx.commit().await?;
        if *self.stopping.borrow() { Err(JobFault::Stopping) } else { Ok(()) }
    }

    /// Commits the last step: the job is done.
    pub async fn finish(&self, tx: SystemTx<'_>) -> Result<(), JobFault> {
        self.write(&tx, "state = 'done', lease = NULL, last_error = NULL, ended_at = $3", [self.now().into()]).await?;
        Ok(tx.commit().await?)
    }

    /// Gives the job back, to be done at once by somebody else.
    pub(super) async fn release(&self) -> Result<(), JobFault> {
        let change = "lease = NULL, attempts = greatest(attempts - 1, 0), due_at = $3";
        self.write(&self.system.db(), change, [self.now().into()]).await
    }

    /// Writes down why it failed and when it is tried again.
    pub(super) async fn retry(&self, at: DateTime<Utc>, why: &str) -> Result<(), JobFault> {
        let change = "lease = NULL, due_at = $3, last_error = $4";
        self.write(&self.system.db(), change, [at.into(), shortened(why).into()]).await
    }

    /// Writes down why it is not tried again.
    pub(super) async fn bury(&self, why: &str) -> Result<(), JobFault> {
        let change = "state = 'dead', lease = NULL, ended_at = $3, last_error = coalesce($4, last_error)";
        self.write(&self.system.db(), change, [self.now().into(), shortened(why).into()]).await
    }

    async fn write<const N: usize>(
        &self,
        db: &impl ConnectionTrait,
        change: &str,
        values: [Value; N],
    ) -> Result<(), JobFault> {
        let sql = format!("UPDATE {}.jobs SET {change} WHERE id = $1 AND lease = $2", M::NAME);
        let all = [self.job.id.into(), self.lease.into()].into_iter().chain(values);
        let written = db.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, all)).await?;
        if written.rows_affected() > 0 { Ok(()) } else { Err(JobFault::Lost) }
    }
}

/// As much of a reason as is kept.
fn shortened(why: &str) -> String {
    why.chars().filter(|c| *c != '\0').take(500).collect()
}
