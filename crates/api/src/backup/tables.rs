//! Counting and hashing what tables hold, so that a restored one can be compared.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement};

use super::manifest::Table;

#[derive(FromQueryResult)]
struct Name {
    quoted: String,
    name: String,
}

#[derive(FromQueryResult)]
struct Content {
    rows: i64,
    hash: String,
}

/// The tables of the modules' schemas; leaves of partitioned ones, and what says which steps of a schema were applied.
const NAMES: &str = "SELECT format('%I.%I', n.nspname, c.relname) AS quoted, n.nspname || '.' || c.relname AS name \
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
    WHERE c.relkind = 'r' AND (n.nspname = ANY (string_to_array($1, ',')) \
        OR n.nspname = 'public' AND c.relname LIKE 'lobby\\_migrations\\_%') ORDER BY 2";

/// What the tables of `modules` hold. Hashes are sums of the rows' own, so the order of rows doesn't matter.
pub async fn contents(db: &impl ConnectionTrait, modules: &[&str]) -> Result<BTreeMap<String, Table>, DbErr> {
    // What the text of a row depends on beside the row.
    for setting in ["TimeZone = 'UTC'", "DateStyle = 'ISO'", "extra_float_digits = 1", "bytea_output = 'hex'"] {
        db.execute_unprepared(&format!("SET LOCAL {setting}")).await?;
    }
    let names = Statement::from_sql_and_values(DbBackend::Postgres, NAMES, [modules.join(",").into()]);
    let mut tables = BTreeMap::new();
    for Name { quoted, name } in Name::find_by_statement(names).all(db).await? {
        let sql = format!(
            "SELECT count(*) AS rows, coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint::numeric), 0)::text \
             AS hash FROM {quoted} t"
        );
        let content = Content::find_by_statement(Statement::from_string(DbBackend::Postgres, sql)).one(db).await?;
        if let Some(Content { rows, hash }) = content {
            tables.insert(name, Table { rows, hash });
        }
    }
    Ok(tables)
}

/// How what is there differs from what should be, table by table.
pub fn differences(should: &BTreeMap<String, Table>, is: &BTreeMap<String, Table>) -> Vec<String> {
    let names: std::collections::BTreeSet<&String> = should.keys().chain(is.keys()).collect();
    let differs = |name: &&String| match (should.get(*name), is.get(*name)) {
        (Some(should), Some(is)) if should == is => None,
        (Some(should), Some(is)) if should.rows != is.rows => {
            Some(format!("table {name} has {} rows instead of {}", is.rows, should.rows))
        }
        (Some(_), Some(_)) => Some(format!("table {name} has other content than it had")),
        (Some(_), None) => Some(format!("table {name} is missing")),
        (None, _) => Some(format!("table {name} was not there")),
    };
    names.iter().filter_map(differs).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_difference_is_named() {
        let table = |rows, hash: &str| Table { rows, hash: hash.to_owned() };
        let should = BTreeMap::from([
            ("a.same".to_owned(), table(1, "1")),
            ("a.fewer".to_owned(), table(2, "2")),
            ("a.other".to_owned(), table(3, "3")),
            ("a.gone".to_owned(), table(4, "4")),
        ]);
        let mut is = should.clone();
        is.insert("a.fewer".to_owned(), table(1, "2"));
        is.insert("a.other".to_owned(), table(3, "x"));
        is.remove("a.gone");
        is.insert("a.new".to_owned(), table(0, "0"));
        let told = differences(&should, &is);
        assert_eq!(told.len(), 4, "{told:?}");
        for (said, name) in told.iter().zip(["a.fewer has 1 rows instead of 2", "a.gone", "a.new", "a.other"]) {
            assert!(said.contains(name), "{said}");
        }
        assert!(differences(&should, &should).is_empty());
    }
}
