//! Rows of favourites.

use chrono::{DateTime, Utc};
use kernel::{
    db::SystemTx,
    guard::Tx,
    ids::{UserId, WorkspaceId},
};
use sea_orm::{ConnectionTrait, DbErr};

use super::statement;
use crate::actions::{Favor, OfWorkshop, Unfavor};

/// Keeps the workshop among the caller's favourites; answers whether it wasn't there.
pub(crate) async fn add(tx: &Tx<'_, Favor>) -> Result<bool, DbErr> {
    let permit = tx.permit();
    // Of a workshop that is gone in this instant nothing is kept.
    let sql = "INSERT INTO workshop.favorites (workspace_id, user_id, workshop_id, added_at) \
               SELECT w.workspace_id, $2, w.id, $3 FROM workshop.workshops w WHERE w.id = $1 AND w.workspace_id = $4 \
               FOR KEY SHARE ON CONFLICT DO NOTHING";
    let values =
        [permit.target().workshop().id.into(), permit.caller().into(), permit.now().into(), permit.workspace().into()];
    Ok(tx.execute_raw(statement(sql, values)).await?.rows_affected() > 0)
}

/// Takes it out; answers whether it was there.
pub(crate) async fn remove(tx: &Tx<'_, Unfavor>) -> Result<bool, DbErr> {
    let permit = tx.permit();
    let sql = "DELETE FROM workshop.favorites WHERE workspace_id = $1 AND user_id = $2 AND workshop_id = $3";
    let values = [permit.workspace().into(), permit.caller().into(), permit.target().workshop().id.into()];
    Ok(tx.execute_raw(statement(sql, values)).await?.rows_affected() > 0)
}

/// Takes out of a workspace all that were somebody's at `until` or longer.
pub(crate) async fn forget(
    tx: &SystemTx<'_>,
    workspace: WorkspaceId,
    user: UserId,
    until: DateTime<Utc>,
) -> Result<(), DbErr> {
    let sql = "DELETE FROM workshop.favorites WHERE workspace_id = $1 AND user_id = $2 AND added_at <= $3";
    tx.execute_raw(statement(sql, [workspace.into(), user.into(), until.into()])).await?;
    Ok(())
}
