//! Photos of workshops: who adds which when. The pictures themselves are kept elsewhere.

use actix_web::http::StatusCode;
use kernel::{
    failure::Failure,
    grant::Scope,
    guard::{Permit, Tx},
    http::{Created, Paging},
    ids::ImageId,
    page::Page,
};

use super::Workshops;
use crate::{
    actions::{AddAttendeePhoto, AddPhoto, AddsPhotos, DeletePhotos, ListsPhotos, OfWorkshop},
    days::Window,
    dto::{AttendeeStatus, Part, PhotoFilter, PhotoView},
    entity::workshops::{Model, Stage},
    error::WorkshopError,
    permissions::CAN_ADD_ATTENDEE_PHOTOS,
    photo_keeper::in_step,
    ports::{Album, PhotoForm, PhotoKey, PreparedPhoto},
    store,
};

impl Workshops {
    /// Adds a photo that describes a workshop.
    pub async fn add_photo(
        &self,
        permit: &Permit<AddPhoto>,
        form: PhotoForm,
    ) -> Result<Created<PhotoView>, WorkshopError> {
        let photo = self.photos.receive(permit.workspace(), form).await?;
        permit.facts().set_body_hash(photo.fingerprint);
        let checked = check(permit, |_, _| Ok(())).await;
        self.enter(permit, Part::Description, photo, checked).await
    }

    /// Adds a photo of somebody who attends: on the days of the workshop, by whoever has a seat. Whoever may add photos
    /// to everything may always.
    pub async fn add_attendee_photo(
        &self,
        permit: &Permit<AddAttendeePhoto>,
        form: PhotoForm,
    ) -> Result<Created<PhotoView>, WorkshopError> {
        let is_bound = permit.scope(&CAN_ADD_ATTENDEE_PHOTOS) != Scope::Any;
        let now = permit.now();
        let may = |row: &Model, part: Option<AttendeeStatus>| match (is_bound, part) {
            (true, Some(AttendeeStatus::Confirmed)) if Window::of(row).contains(now) => Ok(()),
            (true, Some(AttendeeStatus::Confirmed)) => {
                let Window { from: opens_at, until: closes_at } = Window::of(row);
                Err(WorkshopError::UploadWindowClosed { opens_at, closes_at })
            }
            (true, _) => Err(WorkshopError::NotAttending),
            (false, _) => Ok(()),
        };
        // Before the picture is read, which takes long; and again when it was, because much may happen meanwhile. Only
        // then in a transaction: it meets a repetition of the request, which is known by the picture.
        let (row, part) = store::workshops::taking_photos(permit, &permit.db()).await?.ok_or(WorkshopError::Missing)?;
        may(&row, part)?;
        let photo = self.photos.receive(permit.workspace(), form).await?;
        permit.facts().set_body_hash(photo.fingerprint);
        let checked = check(permit, may).await;
        self.enter(permit, Part::Attendee, photo, checked).await
    }

    /// Hands a received photo on, if everything was in order, and lets go of it if not.
    async fn enter<A: AddsPhotos>(
        &self,
        permit: &Permit<A>,
        part: Part,
        photo: PreparedPhoto,
        checked: Result<Model, WorkshopError>,
    ) -> Result<Created<PhotoView>, WorkshopError> {
        let row = match checked {
            Ok(row) => row,
            Err(refused) => {
                self.photos.abandon(photo).await;
                return Err(refused);
            }
        };
        let is_shown = row.status != Stage::Draft;
        let album = Album { workspace: row.workspace_id, workshop: row.id, steward: row.creator_id, is_shown };
        let key = permit.facts().idempotency_key.as_deref();
        let view = self.photos.add(permit.acting(), album, part, photo, key).await?;
        // Whatever became of the workshop since it was looked at, whoever heard of that may have come too early.
        if !in_step(self.photos.as_ref(), &permit.db(), (row.workspace_id, row.id), Some(is_shown)).await? {
            self.photos.delete_all(permit.acting(), row.workspace_id, row.id).await?;
            return Err(WorkshopError::Missing);
        }
        let reply = Created::at(format!("/photos/{}", view.id), None, view);
        keep(permit, &reply).await;
        Ok(reply)
    }

    /// A page of a workshop's photos, the newest first.
    pub(crate) async fn photos<A: ListsPhotos>(
        &self,
        permit: &Permit<A>,
        paging: &Paging<PhotoFilter>,
    ) -> Result<Page<PhotoView>, WorkshopError> {
        let which = (permit.workspace(), permit.target().workshop().id, A::PART);
        let rows = self.photos.list(which, permit.caller(), paging.after()?, paging.limit() + 1).await?;
        Ok(paging.page(rows, |row| PhotoKey(row.created_at, row.id))?)
    }

    /// Deletes photos that describe a workshop: all of them, or none.
    pub async fn delete_photos(&self, permit: &Permit<DeletePhotos>, ids: &[ImageId]) -> Result<(), WorkshopError> {
        // Its authority is confirmed; where the photos are kept is no matter of this transaction.
        let tx = permit.begin().await?;
        tx.commit().await?;
        let workshop = permit.target().workshop().id;
        Ok(self.photos.delete(permit.acting(), permit.workspace(), workshop, ids).await?)
    }

    /// Deletes one of them.
    pub async fn delete_photo(&self, permit: &Permit<DeletePhotos>, id: ImageId) -> Result<(), WorkshopError> {
        match self.delete_photos(permit, &[id]).await {
            Err(WorkshopError::Refused(problem)) if problem.status() == StatusCode::UNPROCESSABLE_ENTITY => {
                Err(WorkshopError::Missing)
            }
            other => other,
        }
    }
}

/// Confirms the caller's authority, meets a repetition of the request, and asks whether the workshop, as it is now, takes
/// the photo. The transaction ends with that: a photo is kept in another, which must not wait for a second connection.
async fn check<A: AddsPhotos>(
    permit: &Permit<A>,
    may: impl Fn(&Model, Option<AttendeeStatus>) -> Result<(), WorkshopError>,
) -> Result<Model, WorkshopError> {
    let tx: Tx<'_, A> = permit.begin().await?;
    let (row, part) = store::workshops::taking_photos(permit, &tx).await?.ok_or(WorkshopError::Missing)?;
    may(&row, part)?;
    Ok(row)
}

/// Keeps the reply for a repetition. The photo is there whatever comes of that: a repetition would be told that it is.
async fn keep<A: AddsPhotos>(permit: &Permit<A>, reply: &Created<PhotoView>) {
    let kept = async { permit.begin().await?.commit_with(reply).await };
    // A repetition may have kept it first.
    if let Err(error) = kept.await
        && !matches!(error, Failure::Replay(_) | Failure::KeyInProgress)
    {
        tracing::warn!(%error, "the reply to an upload is not kept");
    }
}
