//! What is in an album: putting images in, taking them out, arranging them. Everything holds the album's lock, so that of
//! many who fill it at once nobody fills it too far, and no two come to the same place.

use std::collections::HashSet;

use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use kernel::{
    guard::{Permit, Tx},
    http::{Done, NoContent, Tagged, etag_of},
    ids::ImageId,
    outbox::Event,
};

use super::{Images, albums::touched};
use crate::{
    actions::{AlbumRow, EditAlbum},
    dto::{AlbumPlace, AlbumView, BulkOutcome, BulkResult},
    error::GalleryError,
    events, store,
};

/// Images that an album takes, those in the trash as well: they come back with a restoration.
const MOST: usize = 1000;

impl Images {
    /// Puts images at the end of an album, in the order given: of each 201, 200 if it was in before, or why it isn't.
    pub(crate) async fn fill_album(
        &self,
        permit: &Permit<EditAlbum>,
        ids: Vec<ImageId>,
    ) -> Result<Done<BulkResult>, GalleryError> {
        let tx = permit.begin().await?;
        let row = lock(&tx).await?;
        let looked_at = store::album_images::looked_at(&tx, &ids).await?;
        let held = store::album_images::held(&tx, &ids).await?;
        let mut room = MOST.saturating_sub(store::album_images::number(&tx).await?);
        let mut added = Vec::new();
        let mut take = |id: ImageId| match looked_at.get(&id) {
            None => Err(GalleryError::NotFound),
            Some(Some(_)) => Err(GalleryError::IsPhoto),
            Some(None) if held.contains(&id) => Ok(200),
            Some(None) if room == 0 => Err(GalleryError::AlbumFull(MOST)),
            Some(None) => {
                room -= 1;
                added.push(id);
                Ok(201)
            }
        };
        let results = ids.into_iter().map(|id| BulkOutcome::of(id, take(id).map_err(Into::into))).collect();
        if !added.is_empty() {
            store::album_images::append(&tx, &added, permit.now()).await?;
            change(&tx, row, told(events::ALBUM_FILLED, permit, &added)).await?;
        }
        let reply = Done { status: StatusCode::OK, view: BulkResult { results } };
        tx.commit_with(&reply).await?;
        Ok(reply)
    }

    /// Takes images out of an album: of each 204, or 404 if it isn't one of the album's that the caller may see.
    pub(crate) async fn clear_album(
        &self,
        permit: &Permit<EditAlbum>,
        ids: Vec<ImageId>,
    ) -> Result<Done<BulkResult>, GalleryError> {
        let gone = take_out(permit, &ids).await?;
        let outcome = |id: ImageId| if gone.contains(&id) { Ok(204) } else { Err(GalleryError::NotFound.into()) };
        let results = ids.into_iter().map(|id| BulkOutcome::of(id, outcome(id))).collect();
        Ok(Done { status: StatusCode::OK, view: BulkResult { results } })
    }

    /// The same with one.
    pub(crate) async fn take_out_of_album(
        &self,
        permit: &Permit<EditAlbum>,
        id: ImageId,
    ) -> Result<NoContent, GalleryError> {
        if take_out(permit, &[id]).await?.is_empty() { Err(GalleryError::NotFound) } else { Ok(NoContent) }
    }

    /// Gives an image of an album another place.
    pub(crate) async fn arrange_album(
        &self,
        permit: &Permit<EditAlbum>,
        (id, place): (ImageId, AlbumPlace),
    ) -> Result<Tagged<AlbumView>, GalleryError> {
        let tx = permit.begin().await?;
        let row = lock(&tx).await?;
        let named: Vec<ImageId> = std::iter::once(id).chain(place.after).collect();
        let (seen, held) =
            (store::album_images::looked_at(&tx, &named).await?, store::album_images::held(&tx, &named).await?);
        let is_of_album = |image: &ImageId| seen.contains_key(image) && held.contains(image);
        if !is_of_album(&id) {
            return Err(GalleryError::NotFound);
        }
        if place.after.is_some_and(|after| after == id || !is_of_album(&after)) {
            return Err(GalleryError::NotInAlbum("/after"));
        }
        store::album_images::put_after(&tx, id, place.after).await?;
        let event = Event::new(events::ALBUM_ARRANGED, events::ALBUM, row.id.0, permit.now())
            .fact("image_id", id.to_string())
            .fact("after", place.after.map(|after| after.to_string()));
        change(&tx, row, event).await?;
        let shown = store::albums::shown(&tx).await?.ok_or(GalleryError::NotFound)?;
        tx.commit().await?;
        Ok(Tagged::new(shown.album.version, shown.into()))
    }
}

async fn take_out(permit: &Permit<EditAlbum>, ids: &[ImageId]) -> Result<HashSet<ImageId>, GalleryError> {
    let tx = permit.begin().await?;
    let row = lock(&tx).await?;
    let seen: Vec<ImageId> = store::album_images::looked_at(&tx, ids).await?.into_keys().collect();
    let gone = store::album_images::remove(&tx, &seen).await?;
    if !gone.is_empty() {
        let in_order: Vec<ImageId> = ids.iter().copied().filter(|id| gone.contains(id)).collect();
        change(&tx, row, told(events::ALBUM_CLEARED, permit, &in_order)).await?;
    }
    tx.commit().await?;
    Ok(gone)
}

async fn lock(tx: &Tx<'_, EditAlbum>) -> Result<AlbumRow, GalleryError> {
    let row = store::albums::lock(tx).await?.ok_or(GalleryError::NotFound)?;
    tx.check_version(&etag_of(row.version))?;
    Ok(row)
}

/// Marks a locked album as changed, and tells of it.
async fn change(tx: &Tx<'_, EditAlbum>, row: AlbumRow, event: Event) -> Result<(), GalleryError> {
    let now: DateTime<Utc> = tx.permit().now();
    store::albums::update(tx, touched(row, now)).await?;
    Ok(tx.announce(event).await?)
}

fn told(action: &str, permit: &Permit<EditAlbum>, images: &[ImageId]) -> Event {
    let ids: Vec<String> = images.iter().map(ToString::to_string).collect();
    Event::new(action, events::ALBUM, permit.target().id.0, permit.now()).fact("image_ids", ids)
}
