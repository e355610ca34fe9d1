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
pub(crate) async fn count_touched(db: &Conn<'_>, workspace: WorkspaceId, span: &Span<'_>) -> Result<u64, DbErr> {
    let sql = "SELECT count(*) AS n FROM project.projects p WHERE p.workspace_id = $1 AND EXISTS ( \
        SELECT 1 FROM unnest($2::uuid[]) AS u (id) WHERE CASE WHEN p.owner_id = u.id THEN $3 \
        WHEN EXISTS (SELECT 1 FROM project.members m WHERE m.workspace_id = $1 AND m.project_id = p.id \
            AND m.user_id = u.id AND m.is_active) THEN $4 ELSE $5 END)";
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
