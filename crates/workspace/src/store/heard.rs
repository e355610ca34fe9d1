//! Events that were acted upon.

use chrono::{DateTime, Utc};
use kernel::ids::EventId;
use sea_orm::{ConnectionTrait, DbErr};

use super::{Locked, statement};

/// Notes, with what the event does to the workspace, that it was heard; answers whether it is the first time.
pub(crate) async fn first_time(
    locked: &Locked<'_, impl ConnectionTrait>,
    event: EventId,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let sql =
        "INSERT INTO workspace.heard (event_id, workspace_id, heard_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    let values = [event.into(), locked.id().into(), now.into()];
    Ok(locked.tx.execute_raw(statement(sql, values)).await?.rows_affected() > 0)
}
