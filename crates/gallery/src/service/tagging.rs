//! Tags of a whole workspace.

use actix_web::http::StatusCode;
use kernel::{
    guard::{Permit, Scoped},
    http::Done,
    outbox::Event,
    page::Page,
    problem::Problem,
};

use super::Images;
use crate::{
    actions::{ChangeTags, ListTags},
    dto::{TagChange, TagView, TagsChanged},
    error::GalleryError,
    events, store, tags,
};

impl Images {
    /// A page of the tags of what the caller may look at.
    pub(crate) async fn tags(&self, scoped: &Scoped<ListTags>) -> Result<Page<TagView>, Problem> {
        let paging = scoped.paging();
        let rows = store::tags::page(scoped, paging.after()?).await?;
        Ok(paging
            .page(rows, |row| row.tag.clone())?
            .map(|row| TagView { tag: row.tag, images: row.images.unsigned_abs() }))
    }

    /// Puts one tag in the place of others on all images, or none. In one statement: no image has half of it.
    pub(crate) async fn rename_tags(
        &self,
        permit: &Permit<ChangeTags>,
        change: TagChange,
    ) -> Result<Done<TagsChanged>, GalleryError> {
        // The body was validated, so that every tag has its one form.
        let from = tags::normalised(&change.from).unwrap_or_default();
        let to = change.to.as_deref().map(tags::normal);
        let tx = permit.begin().await?;
        let images = store::tags::rename(&tx, &from, to.as_deref(), permit.now()).await?;
        if images > 0 {
            let event = Event::new(events::TAGS_CHANGED, events::GALLERY, permit.workspace().0, permit.now());
            tx.announce(event.fact("from", from).fact("to", to).fact("images", images)).await?;
        }
        let view = TagsChanged { workspace_id: permit.workspace(), images };
        let reply = Done { status: StatusCode::OK, view };
        tx.commit_with(&reply).await?;
        Ok(reply)
    }
}
