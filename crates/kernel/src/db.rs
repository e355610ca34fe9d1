//! The databases, one handle per module. The pools are private to this crate: what another crate gets to query with
//! comes from a permit or a named system actor.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    marker::PhantomData,
    sync::Arc,
    time::Duration,
};

use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    ExecResult, IsolationLevel, QueryResult, Statement, TransactionTrait,
};
use tokio::sync::watch;
use tracing::Instrument;

use crate::{outbox::Event, trace};

/// How long connections that are in use get to come back when everything ends.
const LEAVE: Duration = Duration::from_secs(10);

/// A domain, named after its PostgreSQL schema.
pub trait Module: 'static {
    /// The schema's name, which is also the key in `database.modules`.
    const NAME: &'static str;
}

/// Where the databases are.
#[derive(Clone, Debug)]
pub struct DatabaseSettings {
    /// The URL of the database that holds every module without one of its own.
    pub url: String,
    /// Module name → URL of its own database.
    pub modules: BTreeMap<String, String>,
    /// Connections per database, at most.
    pub max_connections: u32,
    /// How long a request waits for a connection before it is answered 503.
    pub acquire_timeout: Duration,
}

struct Pool {
    connection: DatabaseConnection,
    url: Arc<str>,
}

struct Inner {
    shared: Arc<Pool>,
    own: HashMap<String, Arc<Pool>>,
    /// Wakes the relays when an event was committed.
    announced: watch::Sender<()>,
}

/// What a pool is doing.
#[derive(Clone, Debug)]
pub struct PoolState {
    /// `shared`, or the module whose own it is.
    pub name: String,
    /// Connections that are open.
    pub open: u32,
    /// Those of them that nobody uses.
    pub idle: usize,
}

/// All databases of this instance. Whoever holds it can make system actors, so it stays with the wiring.
#[derive(Clone)]
pub struct Databases(Arc<Inner>);

impl fmt::Debug for Databases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Databases").field("own", &self.0.own.keys()).finish_non_exhaustive()
    }
}

impl Databases {
    /// Opens a lazy pool per distinct URL; nothing is contacted yet.
    pub async fn connect(settings: &DatabaseSettings) -> Result<Self, DbErr> {
        let mut by_url: HashMap<&str, Arc<Pool>> = HashMap::new();
        for url in std::iter::once(&settings.url).chain(settings.modules.values()) {
            if !by_url.contains_key(url.as_str()) {
                by_url.insert(url, Arc::new(open(url, settings).await?));
            }
        }
        let pool = |url: &String| by_url.get(url.as_str()).cloned();
        let shared = pool(&settings.url).ok_or_else(|| DbErr::Custom("no database".into()))?;
        let own = settings.modules.iter().filter_map(|(name, url)| Some((name.clone(), pool(url)?))).collect();
        Ok(Self(Arc::new(Inner { shared, own, announced: watch::Sender::new(()) })))
    }

    fn pool(&self, module: &str) -> &Pool {
        self.0.own.get(module).unwrap_or(&self.0.shared)
    }

    pub(crate) fn connection(&self, module: &str) -> &DatabaseConnection {
        &self.pool(module).connection
    }

    pub(crate) fn url(&self, module: &str) -> &str {
        &self.pool(module).url
    }

    /// Whether two modules live in one database, so that one transaction can span both.
    pub fn share(&self, one: &str, other: &str) -> bool {
        std::ptr::eq(self.pool(one), self.pool(other))
    }

    /// Sent to when an event was committed; every relay hears of it.
    pub(crate) fn announced(&self) -> &watch::Sender<()> {
        &self.0.announced
    }

    /// A handle for work that no request asked for. `name` tells the audit trail who did it, as in `outbox-relay`.
    pub fn system<M: Module>(&self, name: &'static str) -> System<M> {
        System { databases: self.clone(), name, module: PhantomData }
    }

    /// A transaction that reads everything a module's database holds as of one instant, and writes nothing.
    pub async fn snapshot(&self, module: &'static str, name: &'static str) -> Result<SystemTx<'_>, DbErr> {
        let options = (Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly));
        let inner = self.begin_as(module, options).await?;
        Ok(SystemTx { inner, databases: self, module, actor: name })
    }

    /// A transaction in a module's database.
    pub(crate) async fn begin(&self, module: &str) -> Result<DatabaseTransaction, DbErr> {
        self.begin_as(module, (None, None)).await
    }

    /// Begins a transaction, in a task of its own: who waits for it may go away meanwhile, as a caller who hangs up. Cut off between
    /// `BEGIN` and its answer, the driver would take the connection back as one without a transaction; what the next did on
    /// it would be answered as done, and undone with whatever is rolled back there later. So it is begun to the end, and then
    /// rolled back if nobody waits any more.
    async fn begin_as(
        &self,
        module: &str,
        (isolation, access): (Option<IsolationLevel>, Option<AccessMode>),
    ) -> Result<DatabaseTransaction, DbErr> {
        let connection = self.connection(module).clone();
        let beginning = async move { connection.begin_with_config(isolation, access).await };
        let begun = tokio::spawn(beginning.instrument(trace::transaction("BEGIN"))).await;
        begun.unwrap_or_else(|ended| Err(DbErr::Custom(format!("a transaction was not begun: {ended}"))))
    }

    /// What the pools are doing, each named after the first module that uses it.
    pub fn pools(&self) -> Vec<PoolState> {
        let state = |name: &str, pool: &Pool| {
            let pool = pool.connection.get_postgres_connection_pool();
            PoolState { name: name.to_owned(), open: pool.size(), idle: pool.num_idle() }
        };
        let mut states = vec![state("shared", &self.0.shared)];
        let mut own: Vec<_> = self.0.own.iter().collect();
        own.sort_by_key(|(name, _)| name.as_str());
        let mut seen: Vec<*const Pool> = vec![Arc::as_ptr(&self.0.shared)];
        for (name, pool) in own {
            if !seen.contains(&Arc::as_ptr(pool)) {
                seen.push(Arc::as_ptr(pool));
                states.push(state(name, pool));
            }
        }
        states
    }

    /// Whether every database answers.
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.0.shared.connection.execute_unprepared("SELECT 1").await?;
        for pool in self.0.own.values() {
            pool.connection.execute_unprepared("SELECT 1").await?;
        }
        Ok(())
    }

    /// Closes the pools once nothing uses them any more, or after ten seconds each.
    pub async fn close(&self) {
        for pool in self.0.own.values().chain([&self.0.shared]) {
            let closing = pool.connection.get_postgres_connection_pool().close();
            if tokio::time::timeout(LEAVE, closing).await.is_err() {
                tracing::warn!("connections to a database are still in use: they end with the process");
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that opens connections")]
async fn open(url: &str, settings: &DatabaseSettings) -> Result<Pool, DbErr> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(settings.max_connections)
        .acquire_timeout(settings.acquire_timeout)
        // A ping before every acquire costs up to a third of the throughput; one after a pause costs nothing.
        .test_before_acquire_if_idle_for(Duration::from_secs(30))
        .connect_lazy(true)
        .set_application_name("lobby")
        // What a statement says is nothing for a log, however slow it is: PostgreSQL tells of slow ones
        // (`log_min_duration_statement`), and the metrics and traces do.
        .sqlx_logging_level(log::LevelFilter::Trace)
        .sqlx_slow_statements_logging_settings(log::LevelFilter::Trace, Duration::from_secs(1));
    Ok(Pool { connection: Database::connect(options).await?, url: url.into() })
}

/// A connection that was handed out with a permit. It runs statements and does nothing else: it can't be cloned into
/// a pool of one's own.
pub struct Conn<'a>(pub(crate) &'a DatabaseConnection);

impl fmt::Debug for Conn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Conn")
    }
}

/// Lets a wrapper run statements through the connection inside it.
macro_rules! delegate_connection {
    ([$($generics:tt)*] $wrapper:ty, |$this:ident| $inner:expr) => {
        #[async_trait::async_trait]
        impl<$($generics)*> ConnectionTrait for $wrapper {
            fn get_database_backend(&self) -> DbBackend {
                DbBackend::Postgres
            }

            async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
                let $this = self;
                let span = $crate::trace::statement(&statement.sql);
                tracing::Instrument::instrument($inner.execute_raw(statement), span).await
            }

            async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
                let $this = self;
                let span = $crate::trace::statement(sql);
                tracing::Instrument::instrument($inner.execute_unprepared(sql), span).await
            }

            async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
                let $this = self;
                let span = $crate::trace::statement(&statement.sql);
                tracing::Instrument::instrument($inner.query_one_raw(statement), span).await
            }

            async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
                let $this = self;
                let span = $crate::trace::statement(&statement.sql);
                tracing::Instrument::instrument($inner.query_all_raw(statement), span).await
            }
        }
    };
}
pub(crate) use delegate_connection;

delegate_connection!(['a] Conn<'a>, |this| this.0);

/// A named actor that works without a request: relays, caches, jobs, the seeder.
pub struct System<M> {
    databases: Databases,
    name: &'static str,
    module: PhantomData<fn() -> M>,
}

impl<M> Clone for System<M> {
    fn clone(&self) -> Self {
        Self { databases: self.databases.clone(), name: self.name, module: PhantomData }
    }
}

impl<M> fmt::Debug for System<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("System").field(&self.name).finish()
    }
}

impl<M: Module> System<M> {
    /// A connection to the module's database.
    pub fn db(&self) -> Conn<'_> {
        Conn(self.databases.connection(M::NAME))
    }

    /// A transaction in the module's database.
    pub async fn begin(&self) -> Result<SystemTx<'_>, DbErr> {
        let inner = self.databases.begin(M::NAME).await?;
        Ok(SystemTx { inner, databases: &self.databases, module: M::NAME, actor: self.name })
    }

    /// Who is acting.
    pub fn name(&self) -> &'static str {
        self.name
    }
}

/// A transaction of a system actor. Dropped without [`SystemTx::commit`], it rolls back.
pub struct SystemTx<'a> {
    inner: DatabaseTransaction,
    databases: &'a Databases,
    module: &'static str,
    actor: &'static str,
}

impl fmt::Debug for SystemTx<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SystemTx").field(&self.actor).finish()
    }
}

delegate_connection!(['a] SystemTx<'a>, |this| this.inner);

impl SystemTx<'_> {
    pub(crate) fn module(&self) -> &'static str {
        self.module
    }

    /// Writes an event with the change that it tells of. Its actor is this system actor.
    pub async fn announce(&self, mut event: Event) -> Result<(), DbErr> {
        event.system_actor = Some(self.actor.to_owned());
        event.store(self.module, &self.inner).await
    }

    /// Makes everything that happened in it durable.
    pub async fn commit(self) -> Result<(), DbErr> {
        self.inner.commit().instrument(trace::transaction("COMMIT")).await?;
        self.databases.announced().send_replace(());
        Ok(())
    }
}
