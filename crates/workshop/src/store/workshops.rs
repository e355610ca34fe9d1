//! Rows of workshops: made, changed, deleted.

use chrono::{DateTime, Utc};
use kernel::{
    db::{Conn, SystemTx},
    grant::Relation,
    guard::{Identified, Permit, Span, Tx},
    ids::{UserId, WorkspaceId},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, IntoActiveModel,
};

use super::statement;
use crate::{
    WorkshopId,
    actions::{AddsPhotos, CheckIn, CreateWorkshop, DeleteWorkshop, Locks, OfWorkshop},
    content::Content,
    dto::AttendeeStatus,
    entity::workshops::{ActiveModel, Entity, Model, Stage},
};

/// A workshop to be.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) id: WorkshopId,
    pub(crate) workspace: WorkspaceId,
    pub(crate) creator: UserId,
    pub(crate) content: Content,
    pub(crate) at: DateTime<Utc>,
}

/// Writes a new workshop.
pub(crate) async fn insert(tx: &Tx<'_, CreateWorkshop>, draft: Draft) -> Result<Model, DbErr> {
    insert_with_seats(tx, Draft { workspace: tx.permit().workspace(), ..draft }).await
}

/// Writes a workshop of the program's own making, unless there is one of its id; answers whether it is new.
pub(crate) async fn ensure(tx: &SystemTx<'_>, draft: Draft) -> Result<(Model, bool), DbErr> {
    let lock = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";
    tx.execute_raw(statement(lock, [format!("workshop {}", draft.id).into()])).await?;
    if let Some(row) = Entity::find_by_id(draft.id).one(tx).await? {
        return Ok((row, false));
    }
    Ok((insert_with_seats(tx, draft).await?, true))
}

async fn insert_with_seats(db: &impl ConnectionTrait, draft: Draft) -> Result<Model, DbErr> {
    let Draft { id, workspace, creator, content, at } = draft;
    let row = ActiveModel {
        id: Set(id),
        workspace_id: Set(workspace),
        creator_id: Set(creator),
        version: Set(1),
        created_at: Set(at),
        updated_at: Set(at),
        ..with_content(<ActiveModel as Default>::default(), &content)
    };
    let row = row.insert(db).await?;
    let sql = "INSERT INTO workshop.seats (workshop_id, workspace_id, capacity) VALUES ($1, $2, $3)";
    db.execute_raw(statement(sql, [id.into(), workspace.into(), content.capacity.into()])).await?;
    Ok(row)
}

fn with_content(row: ActiveModel, content: &Content) -> ActiveModel {
    let content = content.clone();
    ActiveModel {
        title: Set(content.title),
        description: Set(content.description),
        starts_at: Set(content.starts_at),
        ends_at: Set(content.ends_at),
        timezone: Set(content.timezone),
        location: Set(content.location),
        capacity: Set(content.capacity),
        registration_opens_at: Set(content.opens_at),
        registration_closes_at: Set(content.closes_at),
        status: Set(content.stage),
        ..row
    }
}

/// Writes the fields of a locked workshop, and the number of its locked seats.
pub(crate) async fn save<A: Locks>(tx: &Tx<'_, A>, row: Model, content: &Content) -> Result<Model, DbErr> {
    let (version, workspace, was) = (row.version + 1, row.workspace_id, row.capacity);
    let active = ActiveModel {
        version: Set(version),
        updated_at: Set(tx.permit().now()),
        ..with_content(row.into_active_model(), content)
    };
    let row = active.update(tx).await?;
    if was != content.capacity {
        let sql = "UPDATE workshop.seats SET capacity = $3 WHERE workshop_id = $1 AND workspace_id = $2";
        tx.execute_raw(statement(sql, [row.id.into(), workspace.into(), content.capacity.into()])).await?;
    }
    Ok(row)
}

/// Whether anybody is registered for the locked workshop.
pub(crate) async fn has_attendees<A>(tx: &Tx<'_, A>) -> Result<bool, DbErr>
where
    A: Identified<Target: OfWorkshop>,
{
    let target = tx.permit().target();
    let sql = "SELECT 1 FROM workshop.seats WHERE workshop_id = $1 AND workspace_id = $2 \
               AND confirmed + waitlisted > 0";
    let values = [target.workshop().id.into(), tx.permit().workspace().into()];
    Ok(tx.query_one_raw(statement(sql, values)).await?.is_some())
}

/// Deletes a locked workshop that nobody attends, with what was written about it.
pub(crate) async fn delete(tx: &Tx<'_, DeleteWorkshop>, row: &Model) -> Result<(), DbErr> {
    for table in ["favorites", "broadcasts", "seats"] {
        let sql = format!("DELETE FROM workshop.{table} WHERE workshop_id = $1 AND workspace_id = $2");
        tx.execute_raw(statement(sql, [row.id.into(), row.workspace_id.into()])).await?;
    }
    Entity::delete_by_id(row.id).exec(tx).await?;
    Ok(())
}

/// The workshop as it is now, and what the caller has there; none if it is gone.
pub(crate) async fn taking_photos<A: AddsPhotos>(
    permit: &Permit<A>,
    db: &impl ConnectionTrait,
) -> Result<Option<(Model, Option<AttendeeStatus>)>, DbErr> {
    #[derive(FromQueryResult)]
    struct Taking {
        #[sea_orm(nested)]
        row: Model,
        part: Option<AttendeeStatus>,
    }
    let sql = "SELECT w.*, a.status AS part FROM workshop.workshops w \
               LEFT JOIN workshop.attendees a ON a.workshop_id = w.id AND a.user_id = $3 \
               WHERE w.id = $1 AND w.workspace_id = $2";
    let values = [permit.target().workshop().id.into(), permit.workspace().into(), permit.caller().into()];
    let taking = Taking::find_by_statement(statement(sql, values)).one(db).await?;
    Ok(taking.map(|taking| (taking.row, taking.part)))
}

/// The workshop of somebody who comes, as it is until the transaction ends; none if it is gone.
pub(crate) async fn hold(tx: &Tx<'_, CheckIn>) -> Result<Option<Model>, DbErr> {
    let sql = "SELECT w.* FROM workshop.workshops w WHERE w.id = $1 AND w.workspace_id = $2 FOR SHARE";
    let values = [tx.permit().target().workshop().id.into(), tx.permit().workspace().into()];
    Model::find_by_statement(statement(sql, values)).one(tx).await
}

/// What a workshop is at this moment; none if it is gone.
pub(crate) async fn stage(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    workshop: WorkshopId,
) -> Result<Option<Stage>, DbErr> {
    #[derive(FromQueryResult)]
    struct Found {
        status: Stage,
    }
    let sql = "SELECT status FROM workshop.workshops WHERE id = $1 AND workspace_id = $2";
    let found = Found::find_by_statement(statement(sql, [workshop.into(), workspace.into()])).one(db).await?;
    Ok(found.map(|found| found.status))
}

/// Those who are registered, for questions of authority.
pub(crate) async fn participants(db: &Conn<'_>, row: &Model) -> Result<Vec<UserId>, DbErr> {
    #[derive(FromQueryResult)]
    struct Part {
        user_id: UserId,
    }
    let sql = "SELECT user_id FROM workshop.attendees WHERE workspace_id = $1 AND workshop_id = $2";
    let values = [row.workspace_id.into(), row.id.into()];
    let parts = Part::find_by_statement(statement(sql, values)).all(db).await?;
    Ok(parts.into_iter().map(|part| part.user_id).collect())
}

/// How many workshops there are to which one of the people stands in a relation of the span.
pub(crate) async fn count_touched(db: &Conn<'_>, workspace: WorkspaceId, span: &Span<'_>) -> Result<u64, DbErr> {
    let sql = "SELECT count(*) AS n FROM workshop.workshops w WHERE w.workspace_id = $1 AND EXISTS ( \
        SELECT 1 FROM unnest($2::uuid[]) AS u (id) WHERE CASE WHEN w.creator_id = u.id THEN $3 \
        WHEN EXISTS (SELECT 1 FROM workshop.attendees a WHERE a.workshop_id = w.id AND a.user_id = u.id) \
            THEN $4 ELSE $5 END)";
    let users: Vec<uuid::Uuid> = span.users.iter().map(|user| user.0).collect();
    let values = [
        workspace.into(),
        users.into(),
        span.contains(Relation::Own).into(),
        span.contains(Relation::Assigned).into(),
        span.contains(Relation::Other).into(),
    ];
    let row = db.query_one_raw(statement(sql, values)).await?;
    let count: i64 = row.map_or(Ok(0), |row| row.try_get("", "n"))?;
    Ok(count.unsigned_abs())
}
