//! The two lists: the gallery, and what waits for a decision.

use kernel::{guard::Scoped, page::Page, problem::Problem};

use super::Images;
use crate::{
    actions::{ImageRow, ListImages, ListPending},
    dto::{ImageView, PendingView},
    permissions::EDIT_IMAGES,
    store::lists::{self, Key},
};

impl Images {
    /// A page of what the caller may look at.
    pub(crate) async fn list(&self, scoped: &Scoped<ListImages>) -> Result<Page<ImageView>, Problem> {
        let paging = scoped.paging();
        let rows = lists::images(scoped, paging.after()?).await?;
        let mut page = paging.page(rows, |row| Key(row.created_at, row.id))?;
        if paging.wants_count() {
            page.count = Some(lists::count_images(scoped).await?);
        }
        Ok(page.map(|row| {
            let is_editor = is_editor(scoped, &row);
            ImageView::of(row, is_editor)
        }))
    }

    /// A page of what waits for the caller's decision.
    pub(crate) async fn queue(&self, scoped: &Scoped<ListPending>) -> Result<Page<PendingView>, Problem> {
        let paging = scoped.paging();
        let rows = lists::pending(scoped, paging.after()?).await?;
        let mut page = paging.page(rows, |row| Key(row.submitted_at.unwrap_or(row.created_at), row.id))?;
        if paging.wants_count() {
            page.count = Some(lists::count_pending(scoped).await?);
        }
        Ok(page.map(|row| {
            let (submitted_at, is_editor) = (row.submitted_at, is_editor(scoped, &row));
            PendingView { image: ImageView::of(row, is_editor), submitted_at }
        }))
    }
}

/// Whether the caller may edit a listed image, and so sees what only editors see.
fn is_editor<L: kernel::guard::Listing>(scoped: &Scoped<L>, row: &ImageRow) -> bool {
    let relation = row.relation(scoped.caller());
    scoped.grants(row.workspace_id).is_some_and(|grants| grants.scope(&EDIT_IMAGES).covers(relation))
}
