//! The role that the program works as: it may look and write, and owns nothing.
//!
//! Whoever owns a table may switch its triggers off. So the migration, where it may make roles, makes one for the program
//! and grants it what each module's tables are for; of the ledger that is looking and adding. Where it may not, the
//! program works as the tables' owner, and the ledger rests on its triggers.

use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};

use crate::connect;

/// The role's name.
const ROLE: &str = "lobby_app";

/// Whether the role can be had: it is there, or may be made.
const MAY: &str = "SELECT (rolsuper OR rolcreaterole OR EXISTS ( \
        SELECT FROM pg_roles app WHERE app.rolname = 'lobby_app' AND pg_has_role(current_user, app.oid, 'MEMBER'))) AS may \
    FROM pg_roles WHERE rolname = current_user";

/// Roles are the cluster's, so another database's migration may make it in the same instant.
const MAKE: &str = "DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lobby_app') THEN
        BEGIN
            CREATE ROLE lobby_app NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END;
    END IF;
    IF NOT pg_has_role(current_user, 'lobby_app', 'MEMBER') THEN
        EXECUTE format('GRANT lobby_app TO %I', current_user);
    END IF;
END $$";

/// What of a module's tables is only added to.
const APPEND_ONLY: &[(&str, &[&str])] = &[
    ("billing", &["accounts", "transfers", "entries", "plan_versions"]),
    ("project", &["operations"]),
    ("activity", &["events"]),
];

/// Grants the program's role what it needs of a module's schema. Done again after every migration, for what is new.
pub(crate) async fn entrust(db: &DatabaseConnection, module: &str) -> Result<(), DbErr> {
    if !is(db, MAY).await? || is(db, &granted(module)).await? {
        return Ok(());
    }
    db.execute_unprepared(MAKE).await?;
    let append_only = APPEND_ONLY.iter().filter(|(of, _)| *of == module).flat_map(|(_, tables)| *tables);
    let revoked: Vec<String> =
        append_only.map(|table| format!("REVOKE UPDATE, DELETE ON {module}.{table} FROM {ROLE}; ")).collect();
    let revoked = revoked.concat();
    let sql = format!(
        "BEGIN; GRANT USAGE ON SCHEMA {module} TO {ROLE}; \
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {module} TO {ROLE}; \
         GRANT USAGE ON ALL SEQUENCES IN SCHEMA {module} TO {ROLE}; {revoked}COMMIT"
    );
    db.execute_unprepared(&sql).await?;
    Ok(())
}

/// Whether the role has what it needs of every table of a module.
fn granted(module: &str) -> String {
    format!(
        "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') AND NOT EXISTS ( \
            SELECT FROM pg_class c WHERE c.relnamespace = '{module}'::regnamespace AND c.relkind IN ('r', 'p') \
            AND NOT EXISTS (SELECT FROM aclexplode(c.relacl) g JOIN pg_roles r ON r.oid = g.grantee \
                WHERE r.rolname = '{ROLE}' AND g.privilege_type = 'INSERT')) AS may"
    )
}

/// The role that the program is to work as in the database at `url`; none where there is none that it may take.
pub async fn role(url: &str) -> Result<Option<&'static str>, DbErr> {
    let db = connect(url).await?;
    let has = is(
        &db,
        "SELECT coalesce(bool_or(pg_has_role(current_user, oid, 'MEMBER')), false) AS may \
        FROM pg_roles WHERE rolname = 'lobby_app'",
    );
    let has = has.await;
    db.close().await?;
    Ok(has?.then_some(ROLE))
}

async fn is(db: &DatabaseConnection, sql: &str) -> Result<bool, DbErr> {
    let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
    row.map_or(Ok(false), |row| row.try_get("", "may"))
}
