//! The transactional outbox: an event is written with its change, and told to its readers at least once.
//!
//! Every module's schema has a table `outbox` of the same shape. Rows stay for a while after they were told; what lasts is what
//! the subscribers made of them.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, FromQueryResult, Statement};
use serde_json::{Map, Value, json};
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::{
    authority::Caller,
    clock::Clock,
    db::Databases,
    ids::{EventId, UserId, WorkspaceId},
};

/// One announced change.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub struct Event {
    /// Its identity; readers use it to recognise a repetition.
    pub id: EventId,
    /// The workspace it happened in, if any.
    pub workspace_id: Option<WorkspaceId>,
    /// Who did it, if a person.
    pub actor_id: Option<UserId>,
    /// Which part of the program did it, if no person.
    pub system_actor: Option<String>,
    /// Whether it was done by the right of a platform role.
    pub as_platform: bool,
    /// What happened, as in `project.created`.
    pub action: String,
    /// What it happened to, as in `project`.
    pub resource_kind: String,
    /// To which one.
    pub resource_id: Uuid,
    /// Changed fields, `{"name": {"from": …, "to": …}}`, and facts that readers need, `{"role": "user"}`.
    pub changes: Value,
    /// When.
    pub at: DateTime<Utc>,
}

/// What stands for somebody whom the trail doesn't name.
const ANONYMOUS: &str = "anonymous";

impl Event {
    /// An event about `resource_id`. Actor and workspace are filled in by the transaction that announces it.
    pub fn new(action: &str, resource_kind: &str, resource_id: Uuid, at: DateTime<Utc>) -> Self {
        Self {
            id: EventId::new(at),
            workspace_id: None,
            actor_id: None,
            system_actor: None,
            as_platform: false,
            action: action.to_owned(),
            resource_kind: resource_kind.to_owned(),
            resource_id,
            changes: Value::Object(Map::new()),
            at,
        }
    }

    /// Names the workspace, where the transaction's permit has none.
    #[must_use]
    pub fn in_workspace(mut self, workspace: WorkspaceId) -> Self {
        self.workspace_id = Some(workspace);
        self
    }

    /// Names who did it; and the token, where a program did it for them (fact `token_id`).
    #[must_use]
    pub fn by(mut self, caller: &Caller) -> Self {
        if self.system_actor.is_some() {
            return self;
        }
        self.actor_id = Some(caller.user);
        match caller.token() {
            Some(token) => self.fact("token_id", token.to_string()),
            None => self,
        }
    }

    /// Keeps who did it out of the trail, for those who are promised that.
    #[must_use]
    pub fn anonymous(mut self) -> Self {
        self.system_actor = Some(ANONYMOUS.to_owned());
        self
    }

    /// Records a field's change, if it did change.
    #[must_use]
    pub fn field(self, name: &str, from: impl Into<Value>, to: impl Into<Value>) -> Self {
        let (from, to) = (from.into(), to.into());
        if from == to { self } else { self.fact(name, json!({ "from": from, "to": to })) }
    }

    /// Records a fact that readers need.
    #[must_use]
    pub fn fact(mut self, name: &str, value: impl Into<Value>) -> Self {
        if let Value::Object(changes) = &mut self.changes {
            changes.insert(name.to_owned(), value.into());
        }
        self
    }

    pub(crate) async fn store(&self, module: &str, tx: &DatabaseTransaction) -> Result<(), DbErr> {
        Self::store_all(std::slice::from_ref(self), module, tx).await
    }

    /// Writes all of them, in as few statements as their values fit in.
    pub(crate) async fn store_all(events: &[Self], module: &str, tx: &DatabaseTransaction) -> Result<(), DbErr> {
        for some in events.chunks(AT_ONCE) {
            let rows: Vec<String> = (0..some.len()).map(|row| placeholders(row * EACH)).collect();
            let sql = format!(
                "INSERT INTO {module}.outbox (id, workspace_id, actor_id, system_actor, as_platform, action, \
                 resource_kind, resource_id, changes, at, next_try_at) VALUES {}",
                rows.join(",")
            );
            let values: Vec<sea_orm::Value> = some.iter().flat_map(Self::values).collect();
            tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
        }
        Ok(())
    }

    fn values(&self) -> [sea_orm::Value; EACH] {
        [
            self.id.into(),
            self.workspace_id.into(),
            self.actor_id.into(),
            self.system_actor.clone().into(),
            self.as_platform.into(),
            self.action.clone().into(),
            self.resource_kind.clone().into(),
            self.resource_id.into(),
            self.changes.clone().into(),
            self.at.into(),
        ]
    }
}

/// Values of one event.
const EACH: usize = 10;
/// Events of one statement: PostgreSQL takes 65,535 values.
const AT_ONCE: usize = 1000;

/// A row of placeholders after the first `used`; the first try is due at once.
fn placeholders(used: usize) -> String {
    let numbers: Vec<String> = (1..=EACH).map(|number| format!("${}", used + number)).collect();
    format!("({},${})", numbers.join(","), used + EACH)
}

/// A reader of events. It may hear an event twice, and must not do its work twice.
#[async_trait]
pub trait Subscriber: Send + Sync + 'static {
    /// Its name in the log.
    fn name(&self) -> &'static str;

    /// Does what the event asks of it; events that mean nothing to it are answered `Ok`. An error brings the event
    /// again later.
    async fn hear(&self, event: &Event) -> Result<(), DbErr>;
}

/// Tells committed events to the subscribers.
#[derive(Clone)]
pub struct Relay {
    databases: Databases,
    clock: Clock,
    modules: Arc<[&'static str]>,
    pace: Pace,
    subscribers: Arc<[Arc<dyn Subscriber>]>,
    /// One drain at a time: those who wait for what they announced share the one that runs.
    turn: Arc<Mutex<()>>,
}

impl std::fmt::Debug for Relay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Relay").field("modules", &self.modules).finish_non_exhaustive()
    }
}

/// How a relay goes about its work.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How many events one claim takes: so many that they are told well within the two minutes of a lease.
    pub batch: u32,
    /// After this many failures an event waits for a person. The pause between two tries doubles, up to an hour.
    pub attempts: i32,
}

impl Default for Pace {
    fn default() -> Self {
        Self { batch: 20, attempts: ATTEMPTS }
    }
}

/// After this many failures an event waits for a person, unless its relay has a pace of its own.
const ATTEMPTS: i32 = 20;
/// How long a claim keeps other relays away: longer than a batch takes to tell.
const LEASE: &str = "2 minutes";

impl Relay {
    /// A relay of the outboxes of `modules`.
    pub fn new(
        databases: Databases,
        clock: Clock,
        modules: impl Into<Arc<[&'static str]>>,
        subscribers: Vec<Arc<dyn Subscriber>>,
    ) -> Self {
        let (modules, pace) = (modules.into(), Pace::default());
        Self { databases, clock, modules, pace, subscribers: subscribers.into(), turn: Arc::default() }
    }

    /// The same relay at another pace.
    #[must_use]
    pub fn at(self, pace: Pace) -> Self {
        Self { pace, ..self }
    }

    /// Relays for as long as it is polled: at once after a commit on this instance, and every second for what other
    /// instances left behind.
    pub async fn run(self) {
        let mut announced = self.databases.announced().subscribe();
        loop {
            announced.mark_unchanged();
            if let Err(error) = self.drain().await {
                tracing::warn!(%error, "events wait: the outbox is not readable");
            }
            let _ = tokio::time::timeout(Duration::from_secs(1), announced.changed()).await;
        }
    }

    /// Tells everything that is due; answers how many events were told.
    pub async fn drain(&self) -> Result<usize, DbErr> {
        let _turn = self.turn.lock().await;
        let mut told = 0;
        for module in self.modules.iter().copied() {
            loop {
                let events = self.claim(module).await?;
                for event in &events {
                    told += usize::from(self.tell_and_mark(module, event).await?);
                }
                if events.len() < self.pace.batch as usize {
                    break;
                }
            }
        }
        Ok(told)
    }

    /// Claims the oldest events that are due, for the time of a lease, and commits that: while they are told no
    /// connection is held, because the subscribers need one. An event whose relay dies comes again after the lease.
    async fn claim(&self, module: &str) -> Result<Vec<Event>, DbErr> {
        let connection = self.databases.connection(module);
        let Pace { batch, attempts } = self.pace;
        let due = format!("{module}.outbox WHERE told_at IS NULL AND attempts < {attempts} AND next_try_at <= $1");
        let now = self.clock.now();
        // Mostly nothing waits; then one look is all.
        let look = format!("/* relay */ SELECT 1 FROM {due} LIMIT 1");
        let look = Statement::from_sql_and_values(DbBackend::Postgres, look, [now.into()]);
        if connection.query_one_raw(look).await?.is_none() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "UPDATE {module}.outbox SET next_try_at = $1 + interval '{LEASE}' \
             WHERE id IN (SELECT id FROM {due} ORDER BY id LIMIT {batch} FOR UPDATE SKIP LOCKED) \
             RETURNING id, workspace_id, actor_id, system_actor, as_platform, action, resource_kind, resource_id, \
             changes, at"
        );
        let claim = Statement::from_sql_and_values(DbBackend::Postgres, sql, [now.into()]);
        let mut events = Event::find_by_statement(claim).all(connection).await?;
        events.sort_by_key(|event| event.id);
        Ok(events)
    }

    /// Tells one event and writes down how that went; answers whether it was taken.
    async fn tell_and_mark(&self, module: &str, event: &Event) -> Result<bool, DbErr> {
        let outcome = self.tell(event).await;
        let sql = match &outcome {
            Ok(()) => format!("UPDATE {module}.outbox SET told_at = $2 WHERE id = $1"),
            Err(error) => {
                tracing::warn!(event = %event.id, action = event.action, %error, "event not taken; it comes again");
                format!(
                    "UPDATE {module}.outbox SET attempts = attempts + 1, \
                     next_try_at = $2 + interval '1 second' * least(3600, 2 ^ attempts) WHERE id = $1"
                )
            }
        };
        let values = [event.id.into(), self.clock.now().into()];
        let mark = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
        self.databases.connection(module).execute_raw(mark).await?;
        Ok(outcome.is_ok())
    }

    /// A subscriber that panics is one that fails: the event comes again, and the relay goes on.
    async fn tell(&self, event: &Event) -> Result<(), DbErr> {
        for subscriber in self.subscribers.iter() {
            let heard = AssertUnwindSafe(subscriber.hear(event)).catch_unwind().await;
            heard.unwrap_or_else(|_| Err(DbErr::Custom(format!("{} panicked", subscriber.name()))))?;
        }
        Ok(())
    }
}

/// The events of a module that the relay, at its usual pace, gave up because some subscriber never took them: those after `after`, oldest
/// first, `limit` at most.
pub async fn given_up(
    databases: &Databases,
    module: &str,
    after: Option<EventId>,
    limit: u32,
) -> Result<Vec<Event>, DbErr> {
    let sql = format!(
        "/* hourly */ SELECT id, workspace_id, actor_id, system_actor, as_platform, action, resource_kind, resource_id, \
         changes, at FROM {module}.outbox WHERE told_at IS NULL AND attempts >= {ATTEMPTS} AND ($1::uuid IS NULL OR id > $1) \
         ORDER BY id LIMIT {limit}"
    );
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [after.map(|id| id.0).into()]);
    Event::find_by_statement(statement).all(databases.connection(module)).await
}

/// Deletes the events of `modules` that happened before `before` and were told to everyone; answers how many.
pub async fn forget_told(databases: &Databases, modules: &[&str], before: DateTime<Utc>) -> Result<u64, DbErr> {
    // Ids begin with the instant in milliseconds, so the primary key leads to what is old.
    let milliseconds = u128::try_from(before.timestamp_millis()).unwrap_or_default();
    let first = Uuid::from_u128(milliseconds << 80);
    let mut forgotten = 0;
    for module in modules {
        let sql = format!("/* hourly */ DELETE FROM {module}.outbox WHERE id < $1 AND told_at IS NOT NULL");
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [first.into()]);
        forgotten += databases.connection(module).execute_raw(statement).await?.rows_affected();
    }
    Ok(forgotten)
}
