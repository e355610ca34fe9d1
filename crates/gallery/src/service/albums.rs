//! Albums: making them, what they are called, and the end of them.

use kernel::{
    guard::{Permit, Scoped},
    http::{Created, NoContent, Tagged, etag_of},
    outbox::Event,
    page::Page,
    problem::Problem,
};
use sea_orm::{IntoActiveModel, Set};

use super::Images;
use crate::{
    actions::{AlbumRow, CreateAlbum, DeleteAlbum, EditAlbum, ListAlbums},
    dto::{AlbumPatch, AlbumView, NewAlbum},
    entity::album::ActiveModel,
    error::GalleryError,
    events,
    ids::AlbumId,
    store::{
        self,
        albums::{Key, Shown},
    },
};

/// Albums that a workspace takes.
const MOST: u64 = 1000;

impl Images {
    /// A page of albums.
    pub(crate) async fn albums(&self, scoped: &Scoped<ListAlbums>) -> Result<Page<AlbumView>, Problem> {
        let paging = scoped.paging();
        let rows = store::albums::page(scoped, paging.after()?).await?;
        let mut page = paging.page(rows, |row| Key::of(row, paging.sort()))?;
        if paging.wants_count() {
            page.count = Some(store::albums::count(scoped).await?);
        }
        Ok(page.map(|row| row.shown.into()))
    }

    /// Makes an album with nothing in it. Of many who make the last one at once, one does.
    pub(crate) async fn create_album(
        &self,
        permit: &Permit<CreateAlbum>,
        new: NewAlbum,
    ) -> Result<Created<AlbumView>, GalleryError> {
        let (tx, now) = (permit.begin().await?, permit.now());
        if store::albums::lock_number(&tx).await? >= MOST {
            return Err(GalleryError::TooManyAlbums(MOST));
        }
        let row = AlbumRow {
            id: AlbumId::new(now),
            workspace_id: permit.workspace(),
            creator_id: permit.caller(),
            title: new.title.trim().to_owned(),
            description: new.description,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        let album = store::albums::insert(&tx, row).await?;
        let event = Event::new(events::ALBUM_CREATED, events::ALBUM, album.id.0, now);
        tx.announce(event.fact("title", album.title.as_str())).await?;
        let (path, etag) = (format!("/albums/{}", album.id), Some(etag_of(album.version)));
        let reply = Created::at(path, etag, AlbumView::from(Shown { album, images: 0, cover: None }));
        tx.commit_with(&reply).await?;
        Ok(reply)
    }

    /// Changes what is given of an album. A change that changes nothing writes nothing.
    pub(crate) async fn edit_album(
        &self,
        permit: &Permit<EditAlbum>,
        patch: AlbumPatch,
    ) -> Result<Tagged<AlbumView>, GalleryError> {
        let tx = permit.begin().await?;
        let row = store::albums::lock(&tx).await?.ok_or(GalleryError::NotFound)?;
        tx.check_version(&etag_of(row.version))?;
        let title = patch.title.map_or_else(|| row.title.clone(), |title| title.trim().to_owned());
        let description = patch.description.map_or_else(|| row.description.clone(), Option::unwrap_or_default);
        let had = store::album_images::cover(&tx).await?;
        let cover = patch.cover_image_id.unwrap_or(had);
        if let Some(cover) = cover.filter(|_| cover != had) {
            let is_seen = store::album_images::looked_at(&tx, &[cover]).await?.contains_key(&cover);
            if !is_seen || !store::album_images::held(&tx, &[cover]).await?.contains(&cover) {
                return Err(GalleryError::NotInAlbum("/cover_image_id"));
            }
        }
        if title != row.title || description != row.description || cover != had {
            let told = |image: Option<kernel::ids::ImageId>| image.map(|image| image.to_string());
            let event = Event::new(events::ALBUM_UPDATED, events::ALBUM, row.id.0, permit.now())
                .field("title", row.title.as_str(), title.as_str())
                .field("description", row.description.as_str(), description.as_str())
                .field("cover_image_id", told(had), told(cover));
            if cover != had {
                store::album_images::set_cover(&tx, cover).await?;
            }
            let mut changed = touched(row, permit.now());
            changed.title = Set(title);
            changed.description = Set(description);
            store::albums::update(&tx, changed).await?;
            tx.announce(event).await?;
        }
        let shown = store::albums::shown(&tx).await?.ok_or(GalleryError::NotFound)?;
        tx.commit().await?;
        Ok(Tagged::new(shown.album.version, shown.into()))
    }

    /// Deletes an album. The images that were in it stay.
    pub(crate) async fn delete_album(&self, permit: &Permit<DeleteAlbum>) -> Result<NoContent, GalleryError> {
        let tx = permit.begin().await?;
        let row = store::albums::lock(&tx).await?.ok_or(GalleryError::NotFound)?;
        tx.check_version(&etag_of(row.version))?;
        let event = Event::new(events::ALBUM_DELETED, events::ALBUM, row.id.0, permit.now());
        let event = event.fact("title", row.title.as_str());
        store::album_images::lock_all(&tx).await?;
        store::albums::delete(&tx, row).await?;
        tx.announce(event).await?;
        tx.commit().await?;
        Ok(NoContent)
    }
}

/// The row as one that changes now.
pub(super) fn touched(row: AlbumRow, now: chrono::DateTime<chrono::Utc>) -> ActiveModel {
    let version = row.version + 1;
    let mut changed = row.into_active_model();
    changed.version = Set(version);
    changed.updated_at = Set(now);
    changed
}
