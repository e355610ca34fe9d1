//! Queries about content: which images of a workspace have the same bytes, and the lock under which that is decided.

use std::collections::HashSet;

use kernel::ids::{ImageId, WorkspaceId};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, DbErr, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect, Statement, prelude::Uuid, sea_query::Expr,
};

use crate::{
    actions::ImageRow,
    entity::image::{Column, Entity},
    storage::Place,
};

/// Takes a content's lock until the transaction ends. Who adds an image of this content and who deletes its objects
/// take it, so that neither a second image nor an image without objects can come of their meeting.
pub(crate) async fn lock(tx: &impl ConnectionTrait, place: &Place) -> Result<(), DbErr> {
    let sql = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";
    tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, [place.to_string().into()])).await?;
    Ok(())
}

/// Which of these contents an image has, whatever its state.
pub(crate) async fn used(db: &impl ConnectionTrait, places: &[Place]) -> Result<HashSet<Place>, DbErr> {
    let content =
        Expr::tuple([Column::WorkspaceId, Column::ContentHash].map(|column| Expr::col(column.as_column_ref())));
    let pairs = places.iter().map(|place| (place.workspace().0, place.hash().to_vec()));
    let found = Entity::find()
        .select_only()
        .columns([Column::WorkspaceId, Column::ContentHash])
        .distinct()
        .filter(content.in_tuples(pairs))
        .into_tuple::<(WorkspaceId, Vec<u8>)>();
    let rows = found.all(db).await?;
    let place = |(workspace, hash): (_, Vec<u8>)| Some(Place::new(workspace, hash.try_into().ok()?));
    Ok(rows.into_iter().filter_map(place).collect())
}

/// The images after `after`, whatever their state, in the order of their ids.
pub(crate) async fn after(
    db: &impl ConnectionTrait,
    after: Option<ImageId>,
    limit: u64,
) -> Result<Vec<ImageRow>, DbErr> {
    let beyond = after.map(|id| Column::Id.gt(id));
    Entity::find().filter(Condition::all().add_option(beyond)).order_by_asc(Column::Id).limit(limit).all(db).await
}

/// The oldest image of this content that a new one in the same place would double: in the gallery, or among the photos of
/// one workshop.
pub(crate) async fn twin(
    tx: &impl ConnectionTrait,
    place: &Place,
    workshop: Option<Uuid>,
) -> Result<Option<ImageRow>, DbErr> {
    let beside = match workshop {
        Some(workshop) => Column::WorkshopId.eq(workshop),
        None => Column::WorkshopId.is_null(),
    };
    let same = Entity::find()
        .filter(Column::WorkspaceId.eq(place.workspace()))
        .filter(Column::ContentHash.eq(place.hash().to_vec()))
        .filter(beside)
        // What is in the trash is in nobody's way; whoever takes it out again is asked.
        .filter(Column::DeletedAt.is_null())
        .order_by_asc(Column::Id);
    same.one(tx).await
}

/// The oldest image of this content, wherever it is.
pub(crate) async fn oldest(
    tx: &impl ConnectionTrait,
    workspace: WorkspaceId,
    hash: &[u8; 32],
) -> Result<Option<ImageRow>, DbErr> {
    let same = Entity::find()
        .filter(Column::WorkspaceId.eq(workspace))
        .filter(Column::ContentHash.eq(hash.to_vec()))
        .order_by_asc(Column::Id);
    same.one(tx).await
}
