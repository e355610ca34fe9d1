//! The PostgreSQL of the tests: one cluster in memory, one database per test, cloned from a migrated template.

use std::{
    collections::{HashMap, HashSet},
    os::unix::fs::MetadataExt,
    path::PathBuf,
    sync::{LazyLock, Mutex},
};

use embedded::{Embedded, Options};
use sqlx::{Connection, Executor, PgConnection, Row};
use tokio::sync::OnceCell;
use uuid::Uuid;

/// The databases of modules apart, by the name of the one that they belong to: none, unless `LOBBY_TESTS_SPLIT` is set.
static APART: LazyLock<Mutex<HashMap<String, Apart>>> = LazyLock::new(Mutex::default);

/// Modules, and where each is.
type Apart = Vec<(&'static str, Database)>;

static CLUSTER: OnceCell<Cluster> = OnceCell::const_new();

/// The cluster, with a template that has the schema.
pub struct Cluster {
    server: Embedded,
    template: String,
}

/// Where the cluster is: in memory where the system has such a place.
fn folder() -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    let base = if memory.is_dir() { memory } else { std::env::temp_dir() };
    let project = env!("CARGO_MANIFEST_DIR").bytes().fold(0_u64, |hash, byte| hash.wrapping_mul(31) + u64::from(byte));
    // Accounts can't share a cluster; what this process makes belongs to its account.
    let account = tempfile::tempfile().and_then(|file| file.metadata()).map(|made| made.uid()).unwrap();
    base.join(format!("lobby-tests-{account}-{project:x}"))
}

impl Cluster {
    /// The one cluster of this test run.
    pub async fn get() -> &'static Self {
        CLUSTER.get_or_init(Self::start).await
    }

    async fn start() -> Self {
        let mut options = Options::for_tests();
        options.settings.extend([
            ("max_connections".to_owned(), "400".to_owned()),
            ("log_line_prefix".to_owned(), "db=%d app=%a ".to_owned()),
        ]);
        let server = Embedded::start(&folder(), options).await.unwrap();
        // For `scripts/stop-test-postgres`, which leaves the clusters of other checkouts alone.
        let checkout = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
        std::fs::write(folder().join("checkout"), std::fs::canonicalize(checkout).unwrap().to_str().unwrap()).unwrap();
        let mut admin = PgConnection::connect(&server.url("postgres")).await.unwrap();
        let stale = "SELECT datname FROM pg_database WHERE datname LIKE 'test_%' OR datname LIKE 'template_lobby_%'";
        for row in sqlx::query(stale).fetch_all(&mut admin).await.unwrap() {
            let name: String = row.get("datname");
            if is_left_behind(&name) {
                drop_database(&mut admin, &name).await;
            }
        }
        let template = format!("template_lobby_{}_{}", Uuid::now_v7().simple(), std::process::id());
        admin.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {template}"))).await.unwrap();
        for module in migration::MODULES {
            migration::migrate(&server.url(&template), module).await.unwrap();
        }
        Self { server, template }
    }

    async fn admin(&self) -> PgConnection {
        PgConnection::connect(&self.server.url("postgres")).await.unwrap()
    }

    /// A database of its own for one test.
    pub async fn create(&self) -> Database {
        let name = new_name();
        let sql = format!("CREATE DATABASE {name} TEMPLATE {} STRATEGY FILE_COPY", self.template);
        let mut admin = self.admin().await;
        // Two clones at once are fine, but a clone while something is connected to the template is not: try again.
        for attempt in 0.. {
            match admin.execute(sqlx::AssertSqlSafe(sql.clone())).await {
                Ok(_) => break,
                Err(error) if attempt < 50 => {
                    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                    drop(error);
                }
                Err(error) => panic!("{error}"),
            }
        }
        Database { url: self.server.url(&name), name }
    }

    /// The same, and, where the suite is run so (`make test-split`), one more for every module.
    pub async fn create_whole(&self) -> Database {
        self.whole(async || self.create().await).await
    }

    /// The same with nothing in it: no schema and no row.
    pub async fn create_empty(&self) -> Database {
        self.whole(async || {
            let name = new_name();
            self.admin().await.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
            Database { url: self.server.url(&name), name }
        })
        .await
    }

    async fn whole(&self, create: impl AsyncFn() -> Database) -> Database {
        let database = create().await;
        if std::env::var_os("LOBBY_TESTS_SPLIT").is_some_and(|split| !split.is_empty()) {
            let mut apart = Vec::new();
            for module in migration::MODULES {
                apart.push((module, create().await));
            }
            APART.lock().unwrap().insert(database.name.clone(), apart);
        }
        database
    }

    /// Removes a test's database, whoever is still connected.
    pub async fn remove(&self, database: &Database) {
        let apart = APART.lock().unwrap().remove(&database.name).unwrap_or_default();
        for name in apart.iter().map(|(_, apart)| &apart.name).chain([&database.name]) {
            drop_database(&mut self.admin().await, name).await;
        }
    }

    /// The server's log, where statements are counted.
    pub fn log_file(&self) -> PathBuf {
        folder().join("postgres.log")
    }
}

/// A name for a database of this process.
fn new_name() -> String {
    format!("test_{}_{}", Uuid::now_v7().simple(), std::process::id())
}

/// Whether the test process that made a database is gone; the last part of the name says which it was.
fn is_left_behind(name: &str) -> bool {
    let process = name.rsplit('_').next().unwrap_or_default();
    let alive = std::process::Command::new("kill").args(["-0", process]).output();
    !alive.is_ok_and(|answer| answer.status.success())
}

async fn drop_database(admin: &mut PgConnection, name: &str) {
    let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    admin.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
}

/// One test's database.
#[derive(Clone, Debug)]
pub struct Database {
    /// Where it is.
    pub url: String,
    /// What it is called.
    pub name: String,
}

impl Database {
    /// The modules that have a database of their own, and where.
    pub fn apart(&self) -> Apart {
        APART.lock().unwrap().get(&self.name).cloned().unwrap_or_default()
    }

    /// The same as settings, by the variables of their names.
    pub fn modules(&self) -> Vec<(String, String)> {
        let setting = |(module, own): (&str, Self)| {
            (format!("LOBBY__DATABASE__MODULES__{}__URL", module.to_uppercase()), own.url)
        };
        self.apart().into_iter().map(setting).collect()
    }

    /// The one that a statement is about: that of the module whose schema it names first.
    fn home_of(&self, sql: &str) -> Self {
        self.named_in(sql).unwrap_or_else(|| self.clone())
    }

    /// The same, if the statement names a module that has a database of its own.
    fn named_in(&self, sql: &str) -> Option<Self> {
        let named = self.apart().into_iter().filter_map(|(module, own)| Some((sql.find(&format!("{module}."))?, own)));
        named.min_by_key(|(at, _)| *at).map(|(_, own)| own)
    }

    /// What it is called, and those of its modules apart.
    pub fn names(&self) -> Vec<String> {
        self.apart().into_iter().map(|(_, own)| own.name).chain([self.name.clone()]).collect()
    }

    /// Whether modules have databases of their own.
    pub fn is_apart(&self) -> bool {
        !self.apart().is_empty()
    }

    /// For a test that is about one database: whether this is one. Says why it is left out where it is not.
    pub fn is_one_or(&self, why: &str) -> bool {
        if self.is_apart() {
            println!("!!! LEFT OUT WITH MODULES IN DATABASES OF THEIR OWN: {why} !!!");
        }
        !self.is_apart()
    }

    /// A connection past the application to the database that a module is in.
    pub async fn connect_to(&self, module: &str) -> PgConnection {
        let own = self.apart().into_iter().find(|(name, _)| *name == module);
        own.map_or_else(|| self.clone(), |(_, own)| own).connect().await
    }

    /// How many statements wait for a lock, in whichever of its databases.
    pub async fn waiting_for_locks(&self) -> i64 {
        let waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = ANY ($1) AND wait_event_type = 'Lock'";
        sqlx::query_scalar(waiting).bind(self.names()).fetch_one(&mut self.connect().await).await.unwrap()
    }

    /// The same, to that of the module which a statement names first.
    pub async fn connect_about(&self, sql: &str) -> PgConnection {
        self.home_of(sql).connect().await
    }

    /// A connection past the application, for looking.
    pub async fn connect(&self) -> PgConnection {
        PgConnection::connect(&self.url).await.unwrap()
    }

    /// One number that a query answers. A sum of questions about several modules is asked where each of them is.
    pub async fn number(&self, sql: &str) -> i64 {
        let mut sum = 0;
        // In one database it is one look at one instant.
        let asked = if self.is_apart() { questions(sql) } else { vec![(1, sql.to_owned())] };
        for (sign, question) in asked {
            let mut connection = self.connect_about(&question).await;
            let number = sqlx::query_scalar::<_, i64>(sqlx::AssertSqlSafe(question)).fetch_one(&mut connection);
            sum += sign * number.await.unwrap();
        }
        sum
    }

    /// Runs statements, each where the module is that it names first. Those about one module are one transaction, with
    /// what they set for it.
    pub async fn execute(&self, sql: &str) {
        let each: Vec<&str> = sql.split(';').filter(|statement| !statement.trim().is_empty()).collect();
        let homes: HashSet<String> =
            each.iter().filter_map(|statement| self.named_in(statement)).map(|home| home.name).collect();
        for statements in if homes.len() <= 1 { vec![sql] } else { each } {
            let mut connection = self.connect_about(statements).await;
            connection.execute(sqlx::AssertSqlSafe(statements.to_owned())).await.unwrap();
        }
    }
}

/// The questions of a sum like `SELECT (SELECT …) + (SELECT …) - (SELECT …)`, with their signs; what is none is one question.
fn questions(sql: &str) -> Vec<(i64, String)> {
    let whole = || vec![(1, sql.to_owned())];
    let Some(mut rest) = sql.strip_prefix("SELECT ") else { return whole() };
    let (mut sign, mut found) = (1, Vec::new());
    while rest.starts_with("(SELECT ") {
        let mut depth = 0;
        let end = rest.char_indices().find(|(_, letter)| {
            depth += i32::from(*letter == '(') - i32::from(*letter == ')');
            depth == 0
        });
        let Some((end, _)) = end else { return whole() };
        let (question, after) = rest.split_at(end + 1);
        let cast = after.strip_prefix("::bigint");
        found.push((sign, format!("SELECT {question}{}", if cast.is_some() { "::bigint" } else { "" })));
        rest = cast.unwrap_or(after).trim_start();
        sign = match rest.chars().next() {
            None => return found,
            Some('+') => 1,
            Some('-') => -1,
            Some(_) => return whole(),
        };
        rest = rest[1..].trim_start();
    }
    whole()
}
