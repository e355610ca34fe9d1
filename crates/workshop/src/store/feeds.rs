//! Rows of calendar feeds, and what is in a calendar.

use chrono::{DateTime, Utc};
use kernel::{
    db::SystemTx,
    guard::{Permit, Public, SignedIn, Tx},
    ids::{UserId, WorkspaceId},
};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

use super::statement;
use crate::{Schema, entity::workshops::Model};

/// Gives the caller another address; the one before leads nowhere any more.
pub(crate) async fn renew(tx: &Tx<'_, SignedIn<Schema>>, hash: &[u8]) -> Result<(), DbErr> {
    let sql = "INSERT INTO workshop.feeds (user_id, token_hash, created_at) VALUES ($1, $2, $3) \
               ON CONFLICT (user_id) DO UPDATE SET token_hash = excluded.token_hash, created_at = excluded.created_at";
    let values = [tx.permit().caller().into(), hash.to_vec().into(), tx.permit().now().into()];
    tx.execute_raw(statement(sql, values)).await?;
    Ok(())
}

/// When the caller's address was made; none if there is none.
pub(crate) async fn made_at(permit: &Permit<SignedIn<Schema>>) -> Result<Option<DateTime<Utc>>, DbErr> {
    let sql = "SELECT created_at FROM workshop.feeds WHERE user_id = $1";
    let row = permit.db().query_one_raw(statement(sql, [permit.caller().into()])).await?;
    row.map(|row| row.try_get("", "created_at")).transpose()
}

/// Takes the caller's address away; answers whether there was one.
pub(crate) async fn revoke(tx: &Tx<'_, SignedIn<Schema>>) -> Result<bool, DbErr> {
    forget_of(tx, tx.permit().caller()).await
}

/// Takes the address of somebody away whose account is gone, and all their favourites.
pub(crate) async fn forget(tx: &SystemTx<'_>, user: UserId) -> Result<bool, DbErr> {
    forget_of(tx, user).await
}

async fn forget_of(db: &impl ConnectionTrait, user: UserId) -> Result<bool, DbErr> {
    let sql = "DELETE FROM workshop.feeds WHERE user_id = $1";
    Ok(db.execute_raw(statement(sql, [user.into()])).await?.rows_affected() > 0)
}

/// Whose address has this hash.
pub(crate) async fn owner(permit: &Permit<Public<Schema>>, hash: &[u8]) -> Result<Option<UserId>, DbErr> {
    let sql = "SELECT user_id FROM workshop.feeds WHERE token_hash = $1";
    let row = permit.db().query_one_raw(statement(sql, [hash.to_vec().into()])).await?;
    row.map(|row| row.try_get("", "user_id")).transpose()
}

/// A workshop in somebody's calendar.
#[derive(Debug, FromQueryResult)]
pub(crate) struct Dated {
    #[sea_orm(nested)]
    pub(crate) row: Model,
    /// Whether they wait for a seat.
    pub(crate) is_waiting: bool,
}

/// The workshops of these workspaces that `user` gives or is registered for, and that weren't over at `since`; drafts
/// left out. At most as many as a calendar program takes in good part.
pub(crate) async fn calendar(
    permit: &Permit<Public<Schema>>,
    user: UserId,
    workspaces: &[WorkspaceId],
    since: DateTime<Utc>,
) -> Result<Vec<Dated>, DbErr> {
    // From the few workshops of the person, whichever way: an OR would be asked of every workshop of the workspace.
    let sql = "WITH mine AS ( \
            SELECT a.workshop_id AS id, a.status = 'waitlisted' AS is_waiting FROM workshop.attendees a \
            WHERE a.workspace_id = ANY ($1) AND a.user_id = $2 \
            UNION SELECT w.id, false FROM workshop.workshops w \
            WHERE w.workspace_id = ANY ($1) AND w.creator_id = $2 AND w.starts_at > $4) \
        SELECT w.*, p.is_waiting FROM (SELECT id, bool_and(is_waiting) AS is_waiting FROM mine GROUP BY id) p \
        JOIN workshop.workshops w ON w.id = p.id \
        WHERE w.status <> 'draft' AND w.ends_at > $3 ORDER BY w.starts_at, w.id LIMIT 1000";
    let places: Vec<uuid::Uuid> = workspaces.iter().map(|workspace| workspace.0).collect();
    let values = [places.into(), user.into(), since.into(), (since - crate::content::LONGEST).into()];
    Dated::find_by_statement(statement(sql, values)).all(&permit.db()).await
}
