//! To how many images people stand in which relation.

use kernel::{db::Conn, grant::Relation, guard::Span, ids::WorkspaceId};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

/// How many images there are to which one of the people stands in a relation of the span. Every image of the workspace
/// is looked at once, however many people there are.
pub(crate) async fn count(db: &Conn<'_>, workspace: WorkspaceId, span: &Span<'_>) -> Result<u64, DbErr> {
    let sql = "WITH people AS (SELECT DISTINCT unnest($2::uuid[]) AS id) \
        SELECT count(*) AS n FROM gallery.images i \
            LEFT JOIN people o ON o.id = coalesce(i.steward_id, i.uploader_id) \
        WHERE i.workspace_id = $1 AND i.deleted_at IS NULL AND ($3 AND o.id IS NOT NULL \
            OR $4 AND (o.id IS NOT NULL)::int < (SELECT count(*) FROM people))";
    let users: Vec<sea_orm::prelude::Uuid> = span.users.iter().map(|user| user.0).collect();
    let (own, other) = (span.contains(Relation::Own), span.contains(Relation::Other));
    let values = [workspace.into(), users.into(), own.into(), other.into()];
    let row = db.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    let count: i64 = row.map_or(Ok(0), |row| row.try_get("", "n"))?;
    Ok(count.unsigned_abs())
}
