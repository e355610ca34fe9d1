//! What the database itself refuses, whoever writes past the program.

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use sqlx::{Connection, Executor, PgConnection};

use super::{UNSOUND, project, recorded};
use crate::harness::{Lobby, lobby};

/// A connection as the role that the program works as.
async fn as_program(lobby: &Lobby) -> PgConnection {
    let mut connection = lobby.database.connect_to("billing").await;
    connection.execute("SET ROLE lobby_app").await.unwrap();
    connection
}

/// Why a script was refused; each runs as one transaction.
async fn refused(connection: &mut PgConnection, script: &str) -> String {
    let outcome = connection.execute(sqlx::AssertSqlSafe(format!("BEGIN; {script}; COMMIT"))).await;
    connection.execute("ROLLBACK").await.unwrap();
    match outcome {
        Ok(_) => panic!("was not refused: {script}"),
        Err(error) => error.to_string(),
    }
}

const STATE: &str = "SELECT ('x' || substr(md5(concat_ws('#', \
    (SELECT string_agg(t::text, '|' ORDER BY t.id) FROM billing.transfers t), \
    (SELECT string_agg(a::text, '|' ORDER BY a.id) FROM billing.accounts a), \
    (SELECT string_agg(e::text, '|' ORDER BY e.transfer_id, e.line) FROM billing.entries e))), 1, 15))::bit(60)::bigint";

#[test]
fn the_program_works_as_a_role_that_owns_nothing() {
    lobby(async |lobby| {
        let databases = &lobby.services().databases;
        let ask = async |sql: &str| {
            let statement = Statement::from_string(DbBackend::Postgres, sql);
            let system = databases.system::<billing::Schema>("test");
            system.db().query_one_raw(statement).await.unwrap().unwrap().try_get::<String>("", "told").unwrap()
        };
        assert_eq!(ask("SELECT current_user::text AS told").await, "lobby_app");
        assert_eq!(
            ask("SELECT count(*)::text AS told FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner \
            WHERE r.rolname = current_user")
            .await,
            "0"
        );
        for (schema, tables) in
            [("billing", "'accounts', 'transfers', 'entries'"), ("project", "'operations'"), ("activity", "'events'")]
        {
            let granted = format!(
                "SELECT coalesce(string_agg(DISTINCT privilege_type, ' ' ORDER BY privilege_type), '') AS told \
                 FROM information_schema.role_table_grants WHERE table_schema = '{schema}' AND grantee = current_user \
                 AND table_name IN ({tables})"
            );
            assert_eq!(ask(&granted).await, "INSERT SELECT", "{schema}");
        }
    });
}

#[test]
fn an_entry_is_not_changed_or_deleted_by_anyone() {
    lobby(async |lobby| {
        let (owner, _, project) = project(lobby).await;
        recorded(&owner, &project, "invoice", 100).await;
        let before = lobby.database.number(STATE).await;
        let changes = [
            "UPDATE billing.entries SET amount = amount * 2",
            "UPDATE billing.transfers SET occurred_on = occurred_on + 1",
            "UPDATE billing.accounts SET currency = 'USD'",
            "DELETE FROM billing.entries",
            "DELETE FROM billing.transfers",
            "TRUNCATE billing.entries, billing.transfers, billing.accounts",
            "UPDATE project.operations SET amount = 1",
            "DELETE FROM project.operations",
            "TRUNCATE project.operations",
        ];
        let mut program = as_program(lobby).await;
        let mut superuser = lobby.database.connect_to("billing").await;
        for change in changes {
            let told = refused(&mut program, change).await;
            assert!(told.contains("permission denied"), "{change}: {told}");
            // The role isn't even needed: the tables refuse whoever may.
            for mood in ["", "SET LOCAL session_replication_role = replica; "] {
                let told = refused(&mut superuser, &format!("{mood}{change}")).await;
                assert!(told.contains("only added to"), "{change}: {told}");
            }
        }
        for trick in [
            "ALTER TABLE billing.entries DISABLE TRIGGER ALL",
            "DROP TRIGGER ledger_append_only ON billing.entries",
            "DROP TABLE billing.entries",
            "CREATE OR REPLACE FUNCTION billing.refuse_change() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
            "SET session_replication_role = replica",
        ] {
            let told = refused(&mut program, trick).await;
            assert!(told.contains("must be owner") || told.contains("permission denied"), "{trick}: {told}");
        }
        assert_eq!(lobby.database.number(STATE).await, before);
    });
}

/// A transfer and its entries, in raw SQL: account, currency and amount of each.
fn script(id: u32, reverses: &str, entries: &[(&str, &str, i64)]) -> String {
    let transfer = format!("'00000000-0000-0000-0000-00000000{id:04}'::uuid");
    let workspace = "(SELECT min(workspace_id::text)::uuid FROM billing.accounts)";
    let mut sql = format!(
        "INSERT INTO billing.transfers (id, workspace_id, key, reverses, occurred_on, posted_at, made_in) \
         VALUES ({transfer}, {workspace}, 'raw {id}', {reverses}, '2026-01-01', now(), '3')"
    );
    for (line, (kind, currency, amount)) in entries.iter().enumerate() {
        sql.push_str(&format!(
            "; INSERT INTO billing.entries (transfer_id, line, workspace_id, account_id, currency, amount, occurred_on, \
             posted_at) SELECT {transfer}, {}, workspace_id, id, '{currency}', {amount}, '2026-01-01', now() \
             FROM billing.accounts WHERE kind = '{kind}'",
            line + 1
        ));
    }
    sql
}

#[test]
fn raw_sql_as_the_programs_role_can_not_unbalance_the_ledger() {
    lobby(async |lobby| {
        let (owner, _, project) = project(lobby).await;
        let invoice = recorded(&owner, &project, "invoice", 100).await;
        let mut program = as_program(lobby).await;
        let before = lobby.database.number(STATE).await;
        let (owed, earned) = ("receivable", "revenue");
        let sound = [(owed, "EUR", 5), (earned, "EUR", -5)];
        let later = format!(
            "INSERT INTO billing.entries SELECT id, n, workspace_id, (SELECT id FROM billing.accounts LIMIT 1), 'EUR', \
             CASE n WHEN 3 THEN 5 ELSE -5 END, '2026-01-01', now() FROM billing.transfers, generate_series(3, 4) n \
             WHERE id = '{invoice}'"
        );
        let reversed = format!("'{invoice}'");
        let early = script(5, "NULL", &sound);
        let early = format!(
            "{early}; SET CONSTRAINTS ALL IMMEDIATE; {}",
            script(5, "NULL", &[(owed, "EUR", 5)])
                .split_once("; ")
                .unwrap()
                .1
                .replace(", 1, workspace_id", ", 3, workspace_id")
        );
        let early_mirror = format!(
            "{}; SET CONSTRAINTS ALL IMMEDIATE; {}",
            script(6, &reversed, &[(owed, "EUR", -100), (earned, "EUR", 100)]),
            "INSERT INTO billing.entries SELECT '00000000-0000-0000-0000-000000000006', CASE kind WHEN 'revenue' THEN 3 \
             ELSE 4 END, workspace_id, id, 'EUR', CASE kind WHEN 'revenue' THEN 5 ELSE -5 END, '2026-01-01', now() \
             FROM billing.accounts"
        );
        let tries = [
            (script(1, "NULL", &[(owed, "EUR", 5), (earned, "EUR", -4)]), "does not balance"),
            (script(1, "NULL", &[(owed, "EUR", 5)]), "does not balance"),
            (script(1, "NULL", &[]), "does not balance"),
            (script(1, "NULL", &[(owed, "EUR", 5), (earned, "USD", -5)]), "there is no account"),
            (script(1, "NULL", &[(owed, "EUR", 0), (earned, "EUR", 0)]), "entries_amount_check"),
            (script(1, &reversed, &sound), "is no mirror"),
            (later, "takes no further entry"),
            (early, "does not balance"),
            (early_mirror, "is no mirror"),
            (format!("{0}; SAVEPOINT a; {1}", script(2, "NULL", &sound), script(3, "NULL", &[])), "does not balance"),
        ];
        for (sql, reason) in tries {
            let told = refused(&mut program, &sql).await;
            assert!(told.contains(reason), "{told} instead of {reason}: {sql}");
        }
        assert_eq!(lobby.database.number(STATE).await, before);
        // What is sound is taken, also in parts, and with a savepoint between.
        let (transfer, entries) =
            script(7, "NULL", &sound).split_once("; ").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        let sql = format!("BEGIN; {transfer}; SAVEPOINT a; {entries}; COMMIT");
        program.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
        let mirror = script(8, &reversed, &[(owed, "EUR", -100), (earned, "EUR", 100)]);
        program.execute(sqlx::AssertSqlSafe(format!("BEGIN; {mirror}; COMMIT"))).await.unwrap();
        let again = script(9, &reversed, &[(owed, "EUR", -100), (earned, "EUR", 100)]);
        assert!(refused(&mut program, &again).await.contains("transfers_reversed_once"));
        let of_reversal =
            script(9, "'00000000-0000-0000-0000-000000000008'", &[(owed, "EUR", 100), (earned, "EUR", -100)]);
        assert!(refused(&mut program, &of_reversal).await.contains("to reverse"));
        assert_eq!(lobby.database.number(UNSOUND).await, 0);
        program.close().await.unwrap();
    });
}

#[test]
fn what_was_posted_has_the_day_and_moment_of_its_transfer() {
    lobby(async |lobby| {
        let (owner, _, project) = project(lobby).await;
        recorded(&owner, &project, "invoice", 100).await;
        let mut program = as_program(lobby).await;
        let sound = script(1, "NULL", &[("receivable", "EUR", 5), ("revenue", "EUR", -5)]);
        let lie = sound.replace("-5, '2026-01-01', now()", "-5, '1999-01-01', now() - interval '9 years'");
        program.execute(sqlx::AssertSqlSafe(format!("BEGIN; {lie}; COMMIT"))).await.unwrap();
        let differ = "SELECT count(*) FROM billing.entries e JOIN billing.transfers t ON t.id = e.transfer_id \
            WHERE (e.occurred_on, e.posted_at, e.workspace_id) <> (t.occurred_on, t.posted_at, t.workspace_id)";
        assert_eq!(lobby.database.number(differ).await, 0);
    });
}
