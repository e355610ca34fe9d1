//! How photos go, and how they are kept back with their workshop.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use kernel::{
    authority::Caller,
    db::SystemTx,
    ids::{ImageId, UserId, WorkspaceId},
};
use sea_orm::{DbErr, prelude::Uuid};

use super::{Photos, Selection, adding::of_photo};
use crate::{
    Part,
    actions::ImageRow,
    error::GalleryError,
    service::deleted,
    store::{self, photos::Photo},
};

impl Photos {
    /// Moves these photos to the trash, all or none: if one of them isn't among those selected, all stay.
    pub async fn delete(&self, by: &Caller, among: Selection, ids: &[ImageId]) -> Result<(), GalleryError> {
        let wanted: BTreeSet<ImageId> = ids.iter().copied().collect();
        let tx = self.system.begin().await?;
        let rows = store::photos::lock(&tx, among, &wanted).await?;
        if rows.len() < wanted.len() {
            let known: BTreeSet<ImageId> = rows.iter().map(|row| row.id).collect();
            return Err(GalleryError::NotOfWorkshop { foreign: wanted.difference(&known).copied().collect() });
        }
        let now = self.images.clock().now();
        tell(&tx, by, among, &rows, now).await?;
        store::photos::discard(&tx, among.workspace, &rows, (by.user, now)).await?;
        Ok(tx.commit().await?)
    }

    /// Deletes all photos of a workshop for good, as when it goes itself; also those in the trash.
    pub async fn delete_all(&self, by: &Caller, workspace: WorkspaceId, workshop: Uuid) -> Result<(), GalleryError> {
        let among = Selection { workspace, workshop, part: None };
        let tx = self.system.begin().await?;
        let rows = store::photos::lock_all(&tx, among).await?;
        let shown: Vec<ImageRow> = rows.iter().filter(|row| row.deleted_at.is_none()).cloned().collect();
        tell(&tx, by, among, &shown, self.images.clock().now()).await?;
        store::photos::delete(&tx, workspace, &rows).await?;
        tx.commit().await?;
        for place in rows.iter().filter_map(ImageRow::place) {
            self.images.sweep(place).await;
        }
        Ok(())
    }

    /// Shows the photos of a workshop that was published, or keeps back those of one that is a draft again: these exist for
    /// the workshop's steward and for those who may edit or review images.
    pub async fn show(&self, workspace: WorkspaceId, workshop: Uuid, is_shown: bool) -> Result<(), DbErr> {
        store::photos::change(&self.system.db(), Photo { workspace, workshop }, is_shown, self.images.clock().now())
            .await
    }

    /// Hands the photos of a workshop over with it.
    pub async fn hand_over(&self, workspace: WorkspaceId, workshop: Uuid, steward: UserId) -> Result<(), DbErr> {
        store::photos::hand_over(&self.system.db(), Photo { workspace, workshop }, steward).await
    }
}

/// Announces that these photos are gone.
async fn tell(
    tx: &SystemTx<'_>,
    by: &Caller,
    among: Selection,
    rows: &[ImageRow],
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    for row in rows {
        let part = row.part.unwrap_or(Part::Description);
        let event = deleted(row, now).in_workspace(among.workspace);
        tx.announce(of_photo(event, by, among.workshop, part)).await?;
    }
    Ok(())
}
