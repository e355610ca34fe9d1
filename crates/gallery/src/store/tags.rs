//! Queries for tags.

use chrono::{DateTime, Utc};
use kernel::guard::{Scoped, Tx};
use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, FromQueryResult, QuerySelect, QueryTrait, Statement,
    sea_query::{Alias, Expr, ExprTrait, Order, Query},
};

use super::lists;
use crate::actions::{ChangeTags, ListTags};

/// A tag, and how many images have it.
#[derive(Debug, FromQueryResult)]
pub(crate) struct Counted {
    pub(crate) tag: String,
    pub(crate) images: i64,
}

/// A page of the tags of what the caller may look at, by the alphabet's bytes.
pub(crate) async fn page(scoped: &Scoped<ListTags>, after: Option<String>) -> Result<Vec<Counted>, DbErr> {
    let said = lists::shown(scoped)
        .select_only()
        .expr_as(Expr::cust(r#"jsonb_array_elements_text("images"."tags") COLLATE "C""#), "tag")
        .into_query();
    let mut tags = Query::select();
    tags.column("tag").expr_as(Expr::cust("count(*)"), "images").from_subquery(said, Alias::new("said"));
    if let Some(after) = after {
        tags.and_where(Expr::col("tag").gt(after));
    }
    tags.group_by_col("tag").order_by("tag", Order::Asc).limit(scoped.paging().limit() + 1);
    Counted::find_by_statement(DbBackend::Postgres.build(&tags)).all(&scoped.db()).await
}

/// Puts `to` in the place of each of `from`, on all images of the workspace and in the order in which they were; answers
/// how many had one of them. Two who do that at once wait for each other; the images are locked in the order of their ids,
/// as by everybody who locks several.
pub(crate) async fn rename(
    tx: &Tx<'_, ChangeTags>,
    from: &[String],
    to: Option<&str>,
    now: DateTime<Utc>,
) -> Result<u64, DbErr> {
    let workspace = tx.permit().workspace();
    let lock = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";
    let name = format!("gallery tags {workspace}");
    tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, lock, [name.into()])).await?;
    let sql = "UPDATE gallery.images i SET version = version + 1, updated_at = $4, tags = ( \
            SELECT coalesce(jsonb_agg(tag ORDER BY place), '[]') FROM ( \
                SELECT tag, min(place) AS place FROM ( \
                    SELECT CASE WHEN said = ANY ($2) THEN $3 ELSE said END AS tag, place \
                    FROM jsonb_array_elements_text(i.tags) WITH ORDINALITY AS had (said, place)) AS called \
                WHERE tag IS NOT NULL GROUP BY tag) AS kept) \
        WHERE workspace_id = $1 AND id = ANY (ARRAY(SELECT id FROM gallery.images \
            WHERE workspace_id = $1 AND tags @> ANY (ARRAY(SELECT jsonb_build_array(said) FROM unnest($2) AS said)) \
            ORDER BY id FOR UPDATE))";
    let values = [workspace.into(), from.to_vec().into(), to.map(str::to_owned).into(), now.into()];
    let renamed = tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    Ok(renamed.rows_affected())
}
