//! Public projects seen from their people.

use kernel::ids::{ProjectId, UserId, WorkspaceId};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement};

/// Projects of each person, at most.
const MOST: u32 = 20;

/// One person's part in one public project.
#[derive(Debug, FromQueryResult)]
pub(crate) struct PortfolioRow {
    pub user_id: UserId,
    pub id: ProjectId,
    pub workspace_id: WorkspaceId,
    pub key: String,
    pub name: String,
}

/// The newest public projects in `workspaces` of each of `people`.
pub(crate) async fn of(
    db: &impl ConnectionTrait,
    people: &[UserId],
    workspaces: &[WorkspaceId],
) -> Result<Vec<PortfolioRow>, DbErr> {
    let sql = format!(
        "WITH people AS (SELECT unnest(string_to_array($1, ',')::uuid[]) AS user_id), \
            places AS (SELECT unnest(string_to_array($2, ',')::uuid[]) AS workspace_id), \
            parts AS (SELECT p.id AS project_id, p.owner_id AS user_id FROM project.projects p \
                    JOIN places USING (workspace_id) JOIN people ON people.user_id = p.owner_id \
                UNION SELECT m.project_id, m.user_id FROM project.members m \
                    JOIN places USING (workspace_id) JOIN people USING (user_id) WHERE m.is_active), \
            ranked AS (SELECT parts.user_id, p.id, p.workspace_id, p.key, p.name, p.created_at, \
                    row_number() OVER (PARTITION BY parts.user_id ORDER BY p.created_at DESC, p.id DESC) AS place \
                FROM parts JOIN project.projects p ON p.id = parts.project_id \
                JOIN places ON places.workspace_id = p.workspace_id WHERE p.is_public AND p.is_active) \
        SELECT user_id, id, workspace_id, key, name FROM ranked WHERE place <= {MOST} \
        ORDER BY user_id, created_at DESC, id DESC"
    );
    let values = [listed(people).into(), listed(workspaces).into()];
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
    PortfolioRow::find_by_statement(statement).all(db).await
}

/// How many projects of the workspace somebody owns, and how many there are.
pub(crate) async fn counted(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    user: UserId,
) -> Result<(i64, i64), DbErr> {
    let sql = "SELECT count(*) FILTER (WHERE owner_id = $2) AS owned, count(*) AS everything FROM project.projects \
        WHERE workspace_id = $1";
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [workspace.into(), user.into()]);
    let row = db.query_one_raw(statement).await?;
    row.map_or(Ok((0, 0)), |row| Ok((row.try_get("", "owned")?, row.try_get("", "everything")?)))
}

/// Who owns a public project or takes part in it, each with the workspace.
pub(crate) async fn people_of(
    db: &impl ConnectionTrait,
    project: ProjectId,
) -> Result<Vec<(WorkspaceId, UserId)>, DbErr> {
    let sql = "SELECT p.workspace_id, p.owner_id AS user_id FROM project.projects p \
            WHERE p.id = $1 AND p.is_public AND p.is_active \
        UNION SELECT p.workspace_id, m.user_id FROM project.projects p \
            JOIN project.members m ON m.project_id = p.id AND m.is_active \
            WHERE p.id = $1 AND p.is_public AND p.is_active";
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [project.into()]);
    let rows = db.query_all_raw(statement).await?;
    rows.iter().map(|row| Ok((row.try_get("", "workspace_id")?, row.try_get("", "user_id")?))).collect()
}

fn listed<T: ToString>(ids: &[T]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}
