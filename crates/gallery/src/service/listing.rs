//! The lists of images: the gallery, the review queue, the trash.

use kernel::{
    grant::{Permission, Relation},
    guard::{Listing, Scoped},
    page::Page,
    problem::Problem,
};

use super::{Images, removal::KEPT};
use crate::{
    actions::{ImageRow, ListImages, ListPending, ListTrash, PLACE},
    dto::{ImageView, PendingView, TrashedView, claim_of},
    permissions::EDIT_IMAGES,
    store::{
        image_list,
        lists::{self, Key},
    },
    visibility,
};

impl Images {
    /// A page of what the caller may look at.
    pub(crate) async fn list(&self, scoped: &Scoped<ListImages>) -> Result<Page<ImageView>, Problem> {
        let paging = scoped.paging();
        if paging.sort() == PLACE && scoped.filter().album.is_none() {
            let detail = "Images have a place in an album only: say in which.";
            return Err(Problem::invalid_field("?sort", "album_required", detail));
        }
        let rows = image_list::page(scoped, paging.after()?).await?.ok_or_else(Problem::not_found)?;
        let mut page = paging.page(rows, |listed| image_list::Key::of(listed, paging.sort()))?;
        if paging.wants_count() {
            page.count = Some(image_list::count(scoped).await?);
        }
        Ok(page.map(|listed| view(scoped, listed.row)))
    }

    /// A page of the review queue.
    pub(crate) async fn queue(&self, scoped: &Scoped<ListPending>) -> Result<Page<PendingView>, Problem> {
        let paging = scoped.paging();
        let rows = lists::queue(scoped, paging.after()?).await?;
        let mut page =
            paging.page(rows, |row| Key(row.submitted_at.or(row.decided_at).unwrap_or(row.created_at), row.id))?;
        if paging.wants_count() {
            page.count = Some(lists::count_queue(scoped).await?);
        }
        Ok(page.map(|row| PendingView {
            submitted_at: row.submitted_at,
            decided_at: row.decided_at,
            is_appeal: row.is_appeal,
            claim: claim_of(&row, scoped.now()),
            image: view(scoped, row),
        }))
    }

    /// A page of the trash.
    pub(crate) async fn trash(&self, scoped: &Scoped<ListTrash>) -> Result<Page<TrashedView>, Problem> {
        let paging = scoped.paging();
        let rows = lists::trash(scoped, paging.after()?).await?;
        let mut page = paging.page(rows, |row| Key(row.deleted_at.unwrap_or(row.created_at), row.id))?;
        if paging.wants_count() {
            page.count = Some(lists::count_trash(scoped).await?);
        }
        Ok(page.map(|row| TrashedView {
            deleted_at: row.deleted_at,
            deleted_by: row.deleted_by,
            erased_at: row.deleted_at.map(|at| at + KEPT),
            image: view(scoped, row),
        }))
    }
}

/// A listed image, as whoever asks may see it.
fn view<L: Listing>(scoped: &Scoped<L>, row: ImageRow) -> ImageView {
    let is_editor = is_editor(scoped, &row);
    ImageView::of(row, is_editor)
}

/// Whether the caller may edit a listed image, and so sees what only editors see: by the same right that shows them the
/// row, as where the image is read alone. A right that doesn't show it says nothing about it.
fn is_editor<L: Listing>(scoped: &Scoped<L>, row: &ImageRow) -> bool {
    let edits = scoped.rights().find_map(|right| {
        let relation = right.person().map_or(Relation::Other, |person| row.relation(person));
        let grants = right.grants(row.workspace_id)?;
        let holds = |permission: &Permission| grants.scope(permission).covers(relation);
        let shows = holds(L::PERMISSION) && visibility::is_known(row.status, row.part, relation, holds);
        shows.then(|| holds(&EDIT_IMAGES))
    });
    edits.unwrap_or(false)
}
