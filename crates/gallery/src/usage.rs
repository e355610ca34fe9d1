//! How much is stored, for those who bound it.

use kernel::{
    db::System,
    ids::{UserId, WorkspaceId},
};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

use crate::Schema;

/// Counts what is stored.
#[derive(Clone, Debug)]
pub struct Storage {
    system: System<Schema>,
}

impl Storage {
    /// A count that reads by this right.
    pub fn new(system: System<Schema>) -> Self {
        Self { system }
    }

    /// The bytes of the originals that somebody uploaded to a workspace, and of all that are there.
    pub async fn used(&self, workspace: WorkspaceId, user: UserId) -> Result<(i64, i64), DbErr> {
        let sql = "SELECT coalesce(sum(original_bytes) FILTER (WHERE uploader_id = $2), 0)::bigint AS uploaded, \
            coalesce(sum(original_bytes), 0)::bigint AS everything FROM gallery.images WHERE workspace_id = $1";
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [workspace.into(), user.into()]);
        let row = self.system.db().query_one_raw(statement).await?;
        row.map_or(Ok((0, 0)), |row| Ok((row.try_get("", "uploaded")?, row.try_get("", "everything")?)))
    }
}
