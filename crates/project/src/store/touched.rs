//! Who is related to a project, and to how many projects people stand in which relation.

use kernel::{
    db::Conn,
    grant::Relation,
    guard::Span,
    ids::{UserId, WorkspaceId},
};
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, QueryFilter, QuerySelect, Statement};

use crate::entity::{members, projects};

/// Those who take part in a project.
pub(crate) async fn participants(db: &Conn<'_>, project: &projects::Model) -> Result<Vec<UserId>, DbErr> {
    let parts = members::Entity::find()
        .select_only()
        .column(members::Column::UserId)
        .filter(members::Column::WorkspaceId.eq(project.workspace_id))
        .filter(members::Column::ProjectId.eq(project.id))
        .filter(members::Column::IsActive.eq(true));
    parts.into_tuple().all(db).await
}

/// How many projects there are to which one of the people stands in a relation of the span.
///
/// Every project of the workspace is looked at once, however many people there are: someone stands to it as a stranger
/// where its owner and those who take part are not all of them.
pub(crate) async fn count_touched(db: &Conn<'_>, workspace: WorkspaceId, span: &Span<'_>) -> Result<u64, DbErr> {
    let sql = "WITH people AS (SELECT DISTINCT unnest($2::uuid[]) AS id) \
        SELECT count(*) AS n FROM project.projects p LEFT JOIN people o ON o.id = p.owner_id \
        LEFT JOIN (SELECT m.project_id, count(*) AS parts FROM project.members m \
            JOIN people u ON u.id = m.user_id JOIN project.projects q ON q.id = m.project_id \
            WHERE m.workspace_id = $1 AND m.is_active AND m.user_id <> q.owner_id GROUP BY m.project_id \
        ) t ON t.project_id = p.id \
        WHERE p.workspace_id = $1 AND ($3 AND o.id IS NOT NULL OR $4 AND t.parts IS NOT NULL \
            OR $5 AND (o.id IS NOT NULL)::int + coalesce(t.parts, 0) < (SELECT count(*) FROM people))";
    let users: Vec<sea_orm::prelude::Uuid> = span.users.iter().map(|user| user.0).collect();
    let values = [
        workspace.into(),
        users.into(),
        span.contains(Relation::Own).into(),
        span.contains(Relation::Assigned).into(),
        span.contains(Relation::Other).into(),
    ];
    let row = db.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    let count: i64 = row.map_or(Ok(0), |row| row.try_get("", "n"))?;
    Ok(count.unsigned_abs())
}
