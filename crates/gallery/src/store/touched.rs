//! To how many images people stand in which relation.

use kernel::{db::Conn, grant::Relation, guard::Span, ids::WorkspaceId};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

/// How many images there are to which one of the people stands in a relation of the span.
pub(crate) async fn count(db: &Conn<'_>, workspace: WorkspaceId, span: &Span<'_>) -> Result<u64, DbErr> {
    let sql = "SELECT count(*) AS n FROM gallery.images i WHERE i.workspace_id = $1 AND EXISTS ( \
        SELECT 1 FROM unnest($2::uuid[]) AS u (id) WHERE CASE WHEN coalesce(i.steward_id, i.uploader_id) = u.id THEN $3 ELSE $4 END)";
    let users: Vec<sea_orm::prelude::Uuid> = span.users.iter().map(|user| user.0).collect();
    let (own, other) = (span.contains(Relation::Own), span.contains(Relation::Other));
    let values = [workspace.into(), users.into(), own.into(), other.into()];
    let row = db.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    let count: i64 = row.map_or(Ok(0), |row| row.try_get("", "n"))?;
    Ok(count.unsigned_abs())
}
