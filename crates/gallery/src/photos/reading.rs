//! The photos of a workshop, and how many there are. Who may see them the workshop's module has decided.

use std::collections::HashMap;

use kernel::ids::{UserId, WorkspaceId};
use sea_orm::{DbErr, prelude::Uuid};

use super::{PhotoCounts, PhotoKey, PhotoView, Photos, Selection};
use crate::{dto::ImageView, store};

impl Photos {
    /// Photos of a workshop, the newest first, those after `after` and at most `limit`. `viewer` is who asks.
    pub async fn list(
        &self,
        among: Selection,
        viewer: UserId,
        after: Option<PhotoKey>,
        limit: u64,
    ) -> Result<Vec<PhotoView>, DbErr> {
        let rows = store::photos::page(&self.system.db(), among, viewer, after, limit).await?;
        let view = |(row, said): (_, store::photos::Said)| PhotoView {
            image: ImageView::of(row, false),
            likes: said.likes.unsigned_abs(),
            liked: said.liked,
            comments: said.comments.unsigned_abs(),
        };
        Ok(rows.into_iter().map(view).collect())
    }

    /// What there is of these workshops' photos; those without any are left out. One statement.
    pub async fn counts(
        &self,
        workspace: WorkspaceId,
        workshops: &[Uuid],
    ) -> Result<HashMap<Uuid, PhotoCounts>, DbErr> {
        store::photos::counts(&self.system.db(), workspace, workshops).await
    }
}
