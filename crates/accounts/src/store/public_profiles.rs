//! What is public of people, many at a time.

use kernel::{db::System, ids::UserId};
use sea_orm::{DbBackend, DbErr, FromQueryResult, Statement, Value};

use crate::{Schema, directory::PublicProfile};

/// Words of a search that count; more narrow nothing that matters.
const WORDS: usize = 8;

/// The public side of those of `users` who are active and of whose names each of `words` begins a word.
pub(crate) async fn public(
    system: &System<Schema>,
    users: &[UserId],
    words: &[&str],
    limit: u64,
) -> Result<Vec<PublicProfile>, DbErr> {
    let ids = users.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let mut values: Vec<Value> = vec![ids.into()];
    let wanted: Vec<String> = words
        .iter()
        .take(WORDS)
        .map(|word| {
            values.push(format!("{}%", literal(word)).into());
            let place = values.len();
            // A blank before the names, so that the first word begins like the others.
            format!(
                " AND (u.username LIKE ${place} OR ' ' || lower(concat_ws(' ', u.first_name, u.last_name)) \
             LIKE '% ' || ${place})"
            )
        })
        .collect();
    let sql = format!(
        "SELECT u.id, u.username, u.first_name, u.last_name, coalesce(p.bio, '') AS bio, \
            coalesce(p.description, '') AS description, p.avatar_emoji, p.avatar_color \
        FROM accounts.users u LEFT JOIN accounts.profiles p ON p.user_id = u.id \
        WHERE u.status = 'active' AND u.id = ANY (string_to_array($1, ',')::uuid[]){} ORDER BY u.id LIMIT {limit}",
        wanted.concat()
    );
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
    PublicProfile::find_by_statement(statement).all(&system.db()).await
}

/// The text as a pattern that means nothing but itself.
fn literal(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
