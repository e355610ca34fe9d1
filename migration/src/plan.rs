//! What a migration would do, without doing any of it.

use std::collections::BTreeSet;

use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};

use crate::{MODULES, connect, steps_of};

/// A step that was not applied yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// As in `project/m0002_search`.
    pub name: String,
    /// Its statements.
    pub sql: String,
}

/// The steps of a module that the database at `url` lacks, in the order in which they would be applied.
pub async fn plan(url: &str, module: &str) -> Result<Vec<Planned>, DbErr> {
    if !MODULES.contains(&module) {
        return Err(DbErr::Migration(format!("there is no module {module}")));
    }
    let db = connect(url).await?;
    let applied = applied(&db, module).await;
    db.close().await?;
    let applied = applied?;
    let steps = steps_of(module).into_iter().filter(|(name, _)| !applied.contains(*name));
    Ok(steps.map(|(name, sql)| Planned { name: format!("{module}/{name}"), sql }).collect())
}

async fn applied(db: &DatabaseConnection, module: &str) -> Result<BTreeSet<String>, DbErr> {
    let ask = |sql: String| Statement::from_string(DbBackend::Postgres, sql);
    let table = format!("lobby_migrations_{module}");
    let there = db.query_one_raw(ask(format!("SELECT to_regclass('{table}') IS NOT NULL AS there"))).await?;
    if !there.map_or(Ok(false), |row| row.try_get("", "there"))? {
        return Ok(BTreeSet::new());
    }
    let rows = db.query_all_raw(ask(format!("SELECT version FROM {table}"))).await?;
    rows.iter().map(|row| row.try_get("", "version")).collect()
}
