//! What an operator does about jobs: looks, has one tried again, discards one.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    clock::Clock,
    db::{Module, System},
    ids::WorkspaceId,
    outbox::Event,
};

/// A job, as an operator sees it.
#[derive(Clone, Debug, PartialEq, Serialize, FromQueryResult)]
pub struct JobRecord {
    /// Its identity.
    pub id: Uuid,
    /// What is to be done.
    pub kind: String,
    /// By what a repetition of it is known.
    pub key: String,
    /// `waiting`, `running`, `done`, `dead` or `discarded`.
    pub state: String,
    /// How often it was begun since it last got on.
    pub attempts: i32,
    /// When it was enqueued.
    pub created_at: DateTime<Utc>,
    /// When it is tried next; of a running one, when its lease is over.
    pub due_at: DateTime<Utc>,
    /// When it was done, given up or discarded.
    pub ended_at: Option<DateTime<Utc>>,
    /// Why it failed the last time.
    pub last_error: Option<String>,
    /// For which workspace.
    pub workspace_id: Option<WorkspaceId>,
    /// What whoever enqueued it says.
    pub payload: Value,
    /// How far it is.
    pub progress: Option<Value>,
}

/// Why an operator's wish was not fulfilled.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// There is no such job.
    #[error("there is no job {0}")]
    Unknown(Uuid),
    /// It is being done, or was.
    #[error("job {id} is {state}")]
    State {
        /// Which.
        id: Uuid,
        /// What it is.
        state: String,
    },
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbErr),
}

/// The operator's desk for one module's jobs.
#[derive(Debug)]
pub struct Desk<M> {
    system: System<M>,
    clock: Clock,
}

impl<M: Module> Desk<M> {
    /// The desk, with the actor that the audit trail names.
    pub fn new(system: System<M>, clock: Clock) -> Self {
        Self { system, clock }
    }

    fn select() -> String {
        format!(
            "SELECT id, kind, key, CASE WHEN state = 'waiting' AND lease IS NOT NULL AND due_at > $1 THEN 'running' \
             ELSE state END AS state, attempts, created_at, due_at, ended_at, last_error, workspace_id, payload, progress \
             FROM {}.jobs",
            M::NAME
        )
    }

    /// Jobs, newest first: those in `state`, or all that are not done.
    pub async fn list(&self, state: Option<&str>, limit: u64) -> Result<Vec<JobRecord>, DbErr> {
        let sql = format!(
            "SELECT * FROM ({}) jobs WHERE CASE WHEN $2::text IS NULL THEN state IN ('waiting', 'running', 'dead') \
             ELSE state = $2 END ORDER BY id DESC LIMIT $3",
            Self::select()
        );
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let values = [self.clock.now().into(), state.map(str::to_owned).into(), limit.into()];
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
        JobRecord::find_by_statement(statement).all(&self.system.db()).await
    }

    /// One job.
    pub async fn find(&self, id: Uuid) -> Result<JobRecord, Refused> {
        let sql = format!("{} WHERE id = $2", Self::select());
        let values = [self.clock.now().into(), id.into()];
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
        let found = JobRecord::find_by_statement(statement).one(&self.system.db()).await?;
        found.ok_or(Refused::Unknown(id))
    }

    /// Has a job tried again at once: one that was given up or discarded, or waits for its next turn.
    pub async fn retry(&self, id: Uuid) -> Result<(), Refused> {
        let change = "state = 'waiting', attempts = 0, due_at = $2, ended_at = NULL, lease = NULL";
        self.change(id, change, &["waiting", "dead", "discarded"], "job.retried").await
    }

    /// Gives a job up for good. Under its key it isn't enqueued again.
    pub async fn discard(&self, id: Uuid) -> Result<(), Refused> {
        let change = "state = 'discarded', ended_at = $2, lease = NULL";
        self.change(id, change, &["waiting", "dead"], "job.discarded").await
    }

    async fn change(&self, id: Uuid, change: &str, from: &[&str], action: &str) -> Result<(), Refused> {
        let now = self.clock.now();
        let tx = self.system.begin().await?;
        let sql = format!(
            "UPDATE {}.jobs SET {change} WHERE id = $1 AND state = ANY($3) AND (lease IS NULL OR due_at <= $2) \
             RETURNING workspace_id",
            M::NAME
        );
        let from: Vec<String> = from.iter().map(|state| (*state).to_owned()).collect();
        let values = [id.into(), now.into(), from.into()];
        let changed = tx.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
        let Some(row) = changed else {
            drop(tx);
            let state = self.find(id).await?.state;
            return Err(Refused::State { id, state });
        };
        let mut event = Event::new(action, "job", id, now);
        event.workspace_id = row.try_get("", "workspace_id")?;
        tx.announce(event).await?;
        Ok(tx.commit().await?)
    }

    /// Deletes what was done or discarded before `before`; answers how many. Their keys may be used anew then.
    pub async fn forget(&self, before: DateTime<Utc>) -> Result<u64, DbErr> {
        let sql =
            format!("/* hourly */ DELETE FROM {}.jobs WHERE state IN ('done', 'discarded') AND ended_at < $1", M::NAME);
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [before.into()]);
        Ok(self.system.db().execute_raw(statement).await?.rows_affected())
    }
}
