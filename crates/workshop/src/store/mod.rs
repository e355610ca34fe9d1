//! The only queries of this domain. Each takes the permit of the action it serves, and names its workspace.

pub(crate) mod attendees;
pub(crate) mod broadcasts;
pub(crate) mod favorites;
pub(crate) mod feeds;
mod list;
pub(crate) mod stats;
pub(crate) mod workshops;

use kernel::{
    grant::Relation,
    guard::{Lookup, Tx},
    ids::UserId,
};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement, Value};

pub(crate) use list::{Wanted, count, page};

use crate::{
    WorkshopId,
    actions::{Locks, OfWorkshop},
    entity::workshops::Model,
    error::WorkshopError,
};

/// A workshop with the caller's part in it.
#[derive(Debug, FromQueryResult)]
pub(crate) struct Located {
    #[sea_orm(nested)]
    pub(crate) row: Model,
    takes_part: bool,
}

impl Located {
    /// Whether the caller is registered.
    pub(crate) fn takes_part(&self) -> bool {
        self.takes_part
    }

    /// How `caller` stands to it, if they are whom it was asked for.
    pub(crate) fn relation(&self, caller: UserId) -> Relation {
        Relation::of(self.row.creator_id == caller, self.takes_part)
    }
}

pub(crate) fn statement(sql: impl Into<String>, values: impl IntoIterator<Item = Value>) -> Statement {
    Statement::from_sql_and_values(DbBackend::Postgres, sql, values)
}

/// The workshop `id` with the caller's part in it, for the guard. One statement.
pub(crate) async fn find(lookup: &Lookup<'_>, id: WorkshopId) -> Result<Option<Located>, DbErr> {
    let sql = "SELECT w.*, EXISTS (SELECT FROM workshop.attendees a \
                   WHERE a.workshop_id = w.id AND a.user_id = $2) AS takes_part \
               FROM workshop.workshops w WHERE w.id = $1";
    let values = [id.into(), lookup.caller().user.into()];
    Located::find_by_statement(statement(sql, values)).one(&lookup.db()).await
}

/// The permit's workshop and its seats, locked until the transaction ends. In this order: whoever registers takes the
/// seats alone, and may then look whether the workshop is still there, which is why its row is locked no harder than that
/// leaves room for. The creator of a workshop stays its creator, so how the caller stands to it is what the guard found.
pub(crate) async fn lock<A: Locks>(tx: &Tx<'_, A>) -> Result<Model, WorkshopError> {
    let (workshop, workspace) = (tx.permit().target().workshop().id, tx.permit().workspace());
    lock_row(tx, workspace, workshop).await?.ok_or(WorkshopError::Missing)
}

async fn lock_row(
    db: &impl ConnectionTrait,
    workspace: kernel::ids::WorkspaceId,
    workshop: WorkshopId,
) -> Result<Option<Model>, DbErr> {
    let sql = "SELECT w.* FROM workshop.workshops w WHERE w.id = $1 AND w.workspace_id = $2 FOR NO KEY UPDATE";
    let values = || [workshop.into(), workspace.into()];
    let row = Model::find_by_statement(statement(sql, values())).one(db).await?;
    let sql = "SELECT FROM workshop.seats s WHERE s.workshop_id = $1 AND s.workspace_id = $2 FOR NO KEY UPDATE";
    db.execute_raw(statement(sql, values())).await?;
    Ok(row)
}
