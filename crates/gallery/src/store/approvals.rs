//! Queries for the history of approvals.

use chrono::{DateTime, Utc};
use kernel::{
    guard::{Permit, Tx},
    ids::{EventId, ImageId, UserId, WorkspaceId},
};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};

use super::images::ChangesImage;
use crate::{
    actions::{ImageRow, ViewApproval},
    entity::{
        Status,
        approval_event::{ActiveModel, Column, Entity, Model},
    },
};

/// One step to be written.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) actor: Option<UserId>,
    pub(crate) from: Status,
    pub(crate) to: Status,
    pub(crate) reason_code: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) is_appeal: bool,
    pub(crate) at: DateTime<Utc>,
}

/// Every step of the permitted image's approval, the oldest first.
pub(crate) async fn history(permit: &Permit<ViewApproval>) -> Result<Vec<Model>, DbErr> {
    of_image(&permit.db(), permit.workspace(), permit.target().id).await
}

/// The same in the transaction that adds to it.
pub(crate) async fn history_in<A: ChangesImage>(tx: &Tx<'_, A>) -> Result<Vec<Model>, DbErr> {
    of_image(tx, tx.permit().workspace(), tx.permit().target().id).await
}

async fn of_image(db: &impl ConnectionTrait, workspace: WorkspaceId, image: ImageId) -> Result<Vec<Model>, DbErr> {
    let steps = Entity::find().filter(Column::WorkspaceId.eq(workspace)).filter(Column::ImageId.eq(image));
    steps.order_by_asc(Column::At).order_by_asc(Column::Id).all(db).await
}

/// Adds a step to the history of an image that the transaction locked or added.
pub(crate) async fn record(tx: &impl ConnectionTrait, image: &ImageRow, step: Step) -> Result<(), DbErr> {
    record_all(tx, [(image, step)]).await
}

/// The same for several images at once.
pub(crate) async fn record_all(
    tx: &impl ConnectionTrait,
    steps: impl IntoIterator<Item = (&ImageRow, Step)>,
) -> Result<(), DbErr> {
    let row = |(image, step): (&ImageRow, Step)| Model {
        id: EventId::new(step.at),
        workspace_id: image.workspace_id,
        image_id: image.id,
        actor_id: step.actor,
        from_status: step.from,
        to_status: step.to,
        reason_code: step.reason_code,
        reason: step.reason,
        at: step.at,
        is_appeal: step.is_appeal,
    };
    let rows = steps.into_iter().map(|step| ActiveModel::from(row(step)).reset_all());
    Entity::insert_many(rows).exec_without_returning(tx).await.map(drop)
}
