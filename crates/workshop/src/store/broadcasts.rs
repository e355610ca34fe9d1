//! Rows of what was written to those who attend, and who they were.

use chrono::{DateTime, Utc};
use kernel::{
    db::{Module, System},
    guard::Tx,
    ids::UserId,
};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

use super::statement;
use crate::{
    BroadcastId, Schema, WorkshopId,
    actions::{Notify, OfWorkshop},
    dto::NewBroadcast,
};

/// If `most` messages were written since `since`, when the first of them was. Nobody else asks until the transaction ends.
pub(crate) async fn fullest_since(
    tx: &Tx<'_, Notify>,
    since: DateTime<Utc>,
    most: u32,
) -> Result<Option<DateTime<Utc>>, DbErr> {
    let permit = tx.permit();
    let workshop = permit.target().workshop().id;
    // Two statements: the second sees what whoever had the lock before has written.
    let lock = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";
    tx.execute_raw(statement(lock, [format!("messages {workshop}").into()])).await?;
    let sql = "SELECT created_at FROM workshop.broadcasts WHERE workspace_id = $1 AND workshop_id = $2 \
               AND created_at > $3 ORDER BY created_at DESC OFFSET $4 LIMIT 1";
    let offset = i64::from(most.saturating_sub(1));
    let values = [permit.workspace().into(), workshop.into(), since.into(), offset.into()];
    tx.query_one_raw(statement(sql, values)).await?.map(|row| row.try_get("", "created_at")).transpose()
}

/// Writes a message down with those who have a seat at this moment; answers how many they are.
pub(crate) async fn send(tx: &Tx<'_, Notify>, id: BroadcastId, new: &NewBroadcast) -> Result<i32, DbErr> {
    let permit = tx.permit();
    let (workshop, workspace) = (permit.target().workshop().id, permit.workspace());
    let sql = "INSERT INTO workshop.broadcasts \
                   (id, workspace_id, workshop_id, sender_id, title, body, recipients, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, 0, $7)";
    let values = [
        id.into(),
        workspace.into(),
        workshop.into(),
        permit.caller().into(),
        new.title.trim().into(),
        new.body.clone().into(),
        permit.now().into(),
    ];
    tx.execute_raw(statement(sql, values)).await?;
    let sql = "INSERT INTO workshop.broadcast_recipients (broadcast_id, user_id, workspace_id) \
               SELECT $1, a.user_id, a.workspace_id FROM workshop.attendees a \
               WHERE a.workspace_id = $2 AND a.workshop_id = $3 AND a.status = 'confirmed'";
    let values = [id.into(), workspace.into(), workshop.into()];
    let recipients = tx.execute_raw(statement(sql, values)).await?.rows_affected();
    let recipients = i32::try_from(recipients).unwrap_or(i32::MAX);
    let sql = "UPDATE workshop.broadcasts SET recipients = $2 WHERE id = $1";
    tx.execute_raw(statement(sql, [id.into(), recipients.into()])).await?;
    Ok(recipients)
}

/// What was written.
#[derive(Debug, FromQueryResult)]
pub(crate) struct Written {
    pub(crate) workshop_id: WorkshopId,
    pub(crate) sender_id: UserId,
    pub(crate) title: String,
    pub(crate) body: String,
}

/// The message of this id.
pub(crate) async fn find(system: &System<Schema>, id: BroadcastId) -> Result<Option<Written>, DbErr> {
    let sql = "SELECT workshop_id, sender_id, title, body FROM workshop.broadcasts WHERE id = $1";
    Written::find_by_statement(statement(sql, [id.into()])).one(&system.db()).await
}

/// The next of those to whom it was written.
pub(crate) async fn recipients(
    system: &System<Schema>,
    id: BroadcastId,
    after: Option<UserId>,
    limit: u32,
) -> Result<Vec<UserId>, DbErr> {
    people(system, "broadcast_recipients", "broadcast_id", id.0, after, limit).await
}

/// The next of those who have a seat or wait for one.
pub(crate) async fn registered(
    system: &System<Schema>,
    workshop: WorkshopId,
    after: Option<UserId>,
    limit: u32,
) -> Result<Vec<UserId>, DbErr> {
    people(system, "attendees", "workshop_id", workshop.0, after, limit).await
}

async fn people(
    system: &System<Schema>,
    table: &str,
    key: &str,
    id: uuid::Uuid,
    after: Option<UserId>,
    limit: u32,
) -> Result<Vec<UserId>, DbErr> {
    // The nil id is before every other.
    let after = after.map_or(uuid::Uuid::nil(), |user| user.0);
    let schema = Schema::NAME;
    let sql =
        format!("SELECT user_id FROM {schema}.{table} WHERE {key} = $1 AND user_id > $2 ORDER BY user_id LIMIT $3");
    let values = [id.into(), after.into(), i64::from(limit).into()];
    let rows = system.db().query_all_raw(statement(sql, values)).await?;
    rows.iter().map(|row| row.try_get("", "user_id")).collect()
}
