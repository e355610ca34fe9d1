//! Queries about content: which images of a workspace have the same bytes, and the lock under which that is decided.

use kernel::ids::WorkspaceId;
use sea_orm::prelude::Uuid;
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, QueryFilter, QueryOrder, Statement};

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
