//! The database schema, one folder of SQL steps per module, applied by sea-orm-migration.
//!
//! A module may have a database of its own, so each keeps its own table of applied steps. Steps are expand/contract:
//! a released program must run on the schema before and after each.

mod accounts;
mod activity;
mod billing;
mod entrusting;
mod gallery;
mod mail;
mod plan;
mod project;
mod workshop;
mod workspace;

pub use entrusting::role;
pub use plan::{Planned, plan};

use std::marker::PhantomData;

use sea_orm_migration::{
    MigrationName, MigrationTrait, MigratorTrait, SchemaManager, async_trait,
    sea_orm::{
        ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr, DynIden, RuntimeErr,
        sea_query::{Alias, IntoIden},
        sqlx::error::DatabaseError,
    },
};

/// A step's name and its SQL.
type Step = (&'static str, &'static str);

/// What each module's schema has, with `{schema}` for its name, step by step.
const OF_EVERY_MODULE: &[Step] =
    &[("m0000_module_tables", include_str!("module_tables.sql")), ("m0000_claim_key", include_str!("claim_key.sql"))];

/// What the schema of a module has whose things are searched, with `{schema}` for its name: a step of such a module.
const SEARCH_STATEMENT: &str = include_str!("search_statement.sql");

/// What the schema of a module has that counts something which plans bound, likewise.
const PLAN_BOUNDS: &str = include_str!("plan_bounds.sql");

/// The modules that have a schema, in the order in which they are migrated.
pub const MODULES: [&str; 8] = [
    Accounts::NAME,
    Workspace::NAME,
    Billing::NAME,
    Project::NAME,
    Gallery::NAME,
    Workshop::NAME,
    Activity::NAME,
    Mail::NAME,
];

/// A module's steps.
trait Steps: Send + Sync + 'static {
    const NAME: &'static str;
    const STEPS: &'static [Step];
}

macro_rules! modules {
    ($($name:ident = $module:ident),+ $(,)?) => {$(
        struct $name;

        impl Steps for $name {
            const NAME: &'static str = stringify!($module);
            const STEPS: &'static [Step] = $module::STEPS;
        }
    )+

        /// The names and statements of a module's steps.
        fn steps_of(module: &str) -> Vec<(&'static str, String)> {
            match module {
                $($name::NAME => all_steps($name::NAME, $name::STEPS),)+
                _ => Vec::new(),
            }
        }
    };
}

/// What every module has, and then its own.
fn all_steps(module: &str, own: &[Step]) -> Vec<(&'static str, String)> {
    let steps = OF_EVERY_MODULE.iter().chain(own);
    steps.map(|&(name, sql)| (name, sql.replace("{schema}", module))).collect()
}

modules!(
    Accounts = accounts,
    Workspace = workspace,
    Billing = billing,
    Project = project,
    Gallery = gallery,
    Workshop = workshop,
    Activity = activity,
    Mail = mail,
);

struct ModuleMigrator<S>(PhantomData<fn() -> S>);

#[async_trait::async_trait]
impl<S: Steps> MigratorTrait for ModuleMigrator<S> {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        let steps = all_steps(S::NAME, S::STEPS).into_iter().map(|(name, sql)| SqlStep { name, sql });
        steps.map(|step| Box::new(step) as Box<dyn MigrationTrait>).collect()
    }

    fn migration_table_name() -> DynIden {
        Alias::new(format!("lobby_migrations_{}", S::NAME)).into_iden()
    }
}

struct SqlStep {
    name: &'static str,
    sql: String,
}

impl MigrationName for SqlStep {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for SqlStep {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(&self.sql).await?;
        Ok(())
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration(format!("{} does not go back; restore a backup", self.name)))
    }
}

/// The key of the advisory lock that lets one migration run at a time.
const LOCK: i64 = 0x6c6f_6262_7900;

/// How long a step waits for a table that somebody uses. While it waits, everybody else who wants that table waits behind
/// it: rather than stop the whole service, it gives up, and is tried again after a pause.
const PATIENCE: &str = "3s";
/// How often a step is tried whose table was in use.
const TRIES: u32 = 10;
/// The pause between two tries, in seconds.
const PAUSE: f64 = 2.0;

/// Brings one module's schema in the database at `url` up to date. Runs on one connection, under a lock, so that
/// several instances may start at once. Answers the names of the steps that were applied.
pub async fn migrate(url: &str, module: &str) -> Result<Vec<String>, DbErr> {
    let db = connect(url).await?;
    db.execute_unprepared(&format!("SELECT pg_advisory_lock({LOCK})")).await?;
    // Only from here on: whoever waits for the other runner waits as long as that takes.
    db.execute_unprepared(&format!("SET lock_timeout = '{PATIENCE}'")).await?;
    let applied = match module {
        Accounts::NAME => apply::<Accounts>(&db).await,
        Workspace::NAME => apply::<Workspace>(&db).await,
        Billing::NAME => apply::<Billing>(&db).await,
        Project::NAME => apply::<Project>(&db).await,
        Gallery::NAME => apply::<Gallery>(&db).await,
        Workshop::NAME => apply::<Workshop>(&db).await,
        Activity::NAME => apply::<Activity>(&db).await,
        Mail::NAME => apply::<Mail>(&db).await,
        other => Err(DbErr::Migration(format!("there is no module {other}"))),
    };
    let applied = match applied {
        Ok(steps) => entrusting::entrust(&db, module).await.map(|()| steps),
        Err(error) => Err(error),
    };
    // The lock is the connection's, so closing it is enough, whatever happened.
    db.close().await?;
    applied
}

/// One connection and no more: the lock belongs to it.
#[expect(clippy::disallowed_methods, reason = "migrations run before there is a pool to take a connection from")]
async fn connect(url: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).min_connections(1).sqlx_logging(false);
    Database::connect(options).await
}

async fn apply<S: Steps>(db: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    let mut tries = 1;
    loop {
        // Each step is a transaction, so one that was tried in vain left nothing behind.
        match apply_now::<S>(db).await {
            Err(error) if tries < TRIES && is_in_use(&error) => {
                tries += 1;
                db.execute_unprepared(&format!("SELECT pg_sleep({PAUSE})")).await?;
            }
            outcome => return outcome,
        }
    }
}

async fn apply_now<S: Steps>(db: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    let waiting = ModuleMigrator::<S>::get_pending_migrations(db).await?;
    ModuleMigrator::<S>::up(db, None).await?;
    Ok(waiting.iter().map(|step| format!("{}/{}", S::NAME, step.name())).collect())
}

/// Whether a lock could not be had in time (SQLSTATE `55P03`).
fn is_in_use(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) = error else {
        return false;
    };
    cause.as_database_error().and_then(DatabaseError::code).is_some_and(|code| code == "55P03")
}
