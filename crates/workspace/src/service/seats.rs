//! How many members the workspace's plan has room for.

use sea_orm::ConnectionTrait;

use crate::{
    error::WorkspaceError,
    store::{self, Locked},
};

/// Refuses if there are as many members as the workspace's plan has room for. The lock on the workspace makes it exact. Who
/// was asked and has not answered takes no room.
pub(crate) async fn require_seat(locked: &Locked<'_, impl ConnectionTrait>) -> Result<(), WorkspaceError> {
    let Some(limit) = store::plan_roles::seats(locked).await? else { return Ok(()) };
    let used = store::members::count_seated(locked.tx, locked.id()).await?;
    if used < limit { Ok(()) } else { Err(WorkspaceError::NoSeats { limit, used }) }
}
