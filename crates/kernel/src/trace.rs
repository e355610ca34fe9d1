//! Spans of traces: what a request did in the database. They name operations and tables, never a statement's text or values.
//!
//! Only spans of [`TARGET`] leave the program, and whoever opens one says field by field what it tells. What else is logged stays here.

use tracing::{Level, Span, field::Empty};

/// What spans that are sent to a collector of traces have as their target.
pub const TARGET: &str = "lobby::trace";

/// The span of a statement, within that of a request; none elsewhere, and none while nobody traces.
pub fn statement(sql: &str) -> Span {
    if !traced() {
        return Span::none();
    }
    let (operation, table) = subject(sql);
    let span = operation_span(operation);
    if let Some(table) = table {
        span.record("otel.name", format!("{operation} {table}"));
        span.record("db.collection.name", table);
    }
    span
}

/// The span of an operation on a transaction: `BEGIN` or `COMMIT`.
pub fn transaction(operation: &'static str) -> Span {
    if traced() { operation_span(operation) } else { Span::none() }
}

fn operation_span(operation: &'static str) -> Span {
    tracing::info_span!(
        target: TARGET,
        "statement",
        otel.name = operation,
        otel.kind = "client",
        db.system.name = "postgresql",
        db.operation.name = operation,
        db.collection.name = Empty,
    )
}

/// Whether this is done within a request that is traced: what goes on in the background would be spans of nothing.
fn traced() -> bool {
    tracing::enabled!(target: TARGET, Level::INFO)
        && Span::current().metadata().is_some_and(|metadata| metadata.target() == TARGET)
}

/// What a statement does, and to which table first, as `project.projects`.
fn subject(sql: &str) -> (&'static str, Option<String>) {
    const OPERATIONS: [&str; 6] = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "SET"];
    let mut words = sql.split_whitespace();
    let first = words.next().unwrap_or_default();
    let operation = OPERATIONS.into_iter().find(|known| first.eq_ignore_ascii_case(known)).unwrap_or("OTHER");
    let mut before = first;
    for word in words {
        if ["FROM", "INTO", "UPDATE", "JOIN"].iter().any(|known| before.eq_ignore_ascii_case(known))
            && let Some(table) = table(word)
        {
            return (operation, Some(table));
        }
        before = word;
    }
    (operation, None)
}

/// `"project"."projects"` and `project.projects` alike; none if it is anything else than two plain names.
fn table(word: &str) -> Option<String> {
    let (schema, rest) = word.split_once('.')?;
    let rest = rest.split(['(', ',', ';']).next().unwrap_or_default();
    let name = |quoted: &str| {
        let name = quoted.trim_matches('"');
        let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        plain.then(|| name.to_owned())
    };
    Some(format!("{}.{}", name(schema)?, name(rest)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_known_by_what_it_does_and_to_what() {
        let named = |sql: &str| {
            let (operation, table) = subject(sql);
            format!("{operation} {}", table.unwrap_or_default())
        };
        assert_eq!(named(r#"SELECT "id", 'x' FROM "project"."projects" WHERE "id" = $1"#), "SELECT project.projects");
        assert_eq!(named("insert into accounts.brake(a) VALUES ('x@example.org')"), "INSERT accounts.brake");
        assert_eq!(named("UPDATE workspace.members SET role = 'x' FROM y.z"), "UPDATE workspace.members");
        assert_eq!(named("DELETE\nFROM gallery.images"), "DELETE gallery.images");
        assert_eq!(named("WITH a AS (SELECT 1 FROM x JOIN p.q ON true) SELECT 2"), "WITH p.q");
        // Nothing that could be a value is ever a name.
        assert_eq!(named("SELECT 1 FROM 'someone@example.org'"), "SELECT ");
        assert_eq!(named("SELECT 1 FROM Some.Body"), "SELECT ");
        assert_eq!(named("LISTEN x"), "OTHER ");
        assert_eq!(named(""), "OTHER ");
    }

    #[test]
    fn without_a_request_that_is_traced_there_is_no_span() {
        assert!(statement("SELECT 1").is_none());
        assert!(transaction("BEGIN").is_none());
    }
}
