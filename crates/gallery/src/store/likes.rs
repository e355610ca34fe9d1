//! Queries for likes.

use chrono::{DateTime, Utc};
use kernel::{
    guard::Tx,
    ids::{ImageId, UserId, WorkspaceId},
};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement};

use crate::actions::LikeImage;

/// Whose like of what.
fn key(tx: &Tx<'_, LikeImage>) -> (WorkspaceId, ImageId, UserId) {
    let permit = tx.permit();
    (permit.workspace(), permit.target().id, permit.caller())
}

/// Adds the caller's like; whether it is a new one.
pub(crate) async fn add(tx: &Tx<'_, LikeImage>, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let (workspace, image, user) = key(tx);
    let sql = "INSERT INTO gallery.likes (workspace_id, image_id, user_id, at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT DO NOTHING";
    let values = [workspace.into(), image.into(), user.into(), now.into()];
    Ok(tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?.rows_affected() == 1)
}

/// Takes the caller's like away; whether there was one.
pub(crate) async fn remove(tx: &Tx<'_, LikeImage>) -> Result<bool, DbErr> {
    let (workspace, image, user) = key(tx);
    let sql = "DELETE FROM gallery.likes WHERE workspace_id = $1 AND image_id = $2 AND user_id = $3";
    let values = [workspace.into(), image.into(), user.into()];
    Ok(tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?.rows_affected() == 1)
}

/// How many like the image.
pub(crate) async fn count(tx: &Tx<'_, LikeImage>) -> Result<u64, DbErr> {
    #[derive(FromQueryResult)]
    struct Counted {
        n: i64,
    }
    let (workspace, image, _) = key(tx);
    let sql = "SELECT count(*) AS n FROM gallery.likes WHERE workspace_id = $1 AND image_id = $2";
    let values = [workspace.into(), image.into()];
    let counted = Counted::find_by_statement(Statement::from_sql_and_values(DbBackend::Postgres, sql, values));
    Ok(counted.one(tx).await?.map_or(0, |counted| counted.n.unsigned_abs()))
}
