//! What workshops need of the gallery: it keeps their photos.

use async_trait::async_trait;
use gallery::{
    GalleryError, Part,
    photos::{self, Photos, Selection},
};
use kernel::{
    authority::Caller,
    ids::{ImageId, UserId, WorkspaceId},
    problem::Problem,
};
use sea_orm::DbErr;
use workshop::{
    PhotoPart, PhotoView, WorkshopId,
    ports::{Album, PhotoCounts, PhotoForm, PhotoKey, PreparedPhoto, Uploads},
};

/// The gallery, as workshops know it.
#[derive(Clone, Debug)]
pub struct WorkshopPhotos(Photos);

impl WorkshopPhotos {
    /// The photos that the gallery keeps.
    pub fn new(photos: Photos) -> Self {
        Self(photos)
    }
}

fn part_of(part: PhotoPart) -> Part {
    match part {
        PhotoPart::Description => Part::Description,
        PhotoPart::Attendee => Part::Attendee,
    }
}

fn view(photo: photos::PhotoView, workshop: WorkshopId, part: PhotoPart) -> PhotoView {
    let photos::PhotoView { image, likes, liked, comments } = photo;
    PhotoView {
        id: image.id,
        workshop_id: workshop,
        part,
        uploader_id: image.uploader_id,
        description: image.description,
        tags: image.tags,
        media_type: image.media_type,
        width: image.width,
        height: image.height,
        content: image.links.content,
        thumbnail: image.links.thumbnail,
        likes,
        liked,
        comments,
        created_at: image.created_at,
    }
}

/// What was prepared by somebody else is a fault of the program's wiring.
fn prepared(photo: PreparedPhoto) -> Option<photos::PreparedPhoto> {
    photo.kept.downcast().ok().map(|kept| *kept)
}

#[async_trait(?Send)]
impl Uploads for WorkshopPhotos {
    async fn receive(&self, workspace: WorkspaceId, form: PhotoForm) -> Result<PreparedPhoto, Problem> {
        let PhotoForm { headers, query, payload } = form;
        let photo = self.0.receive(workspace, photos::PhotoForm::new(headers, query, payload)).await?;
        Ok(PreparedPhoto { fingerprint: photo.fingerprint(), kept: Box::new(photo) })
    }
}

#[async_trait]
impl workshop::ports::Photos for WorkshopPhotos {
    async fn add(
        &self,
        by: &Caller,
        album: Album,
        part: PhotoPart,
        photo: PreparedPhoto,
        key: Option<&str>,
    ) -> Result<PhotoView, Problem> {
        let Album { workspace, workshop, steward, is_shown } = album;
        let place = photos::Workshop { workspace, id: workshop.0, steward, is_shown };
        let photo = prepared(photo).ok_or(GalleryError::NotFound)?;
        Ok(view(self.0.add(by, &place, part_of(part), photo, key).await?, workshop, part))
    }

    async fn abandon(&self, photo: PreparedPhoto) {
        if let Some(photo) = prepared(photo) {
            self.0.abandon(photo).await;
        }
    }

    async fn list(
        &self,
        (workspace, workshop, part): (WorkspaceId, WorkshopId, PhotoPart),
        viewer: UserId,
        after: Option<PhotoKey>,
        limit: u64,
    ) -> Result<Vec<PhotoView>, DbErr> {
        let among = Selection { workspace, workshop: workshop.0, part: Some(part_of(part)) };
        let after = after.map(|PhotoKey(at, id)| photos::PhotoKey(at, id));
        let photos = self.0.list(among, viewer, after, limit).await?;
        Ok(photos.into_iter().map(|photo| view(photo, workshop, part)).collect())
    }

    async fn delete(
        &self,
        by: &Caller,
        workspace: WorkspaceId,
        workshop: WorkshopId,
        ids: &[ImageId],
    ) -> Result<(), Problem> {
        let among = Selection { workspace, workshop: workshop.0, part: Some(Part::Description) };
        Ok(self.0.delete(by, among, ids).await?)
    }

    async fn delete_all(&self, by: &Caller, workspace: WorkspaceId, workshop: WorkshopId) -> Result<(), Problem> {
        Ok(self.0.delete_all(by, workspace, workshop.0).await?)
    }

    async fn show(&self, workspace: WorkspaceId, workshop: WorkshopId, is_shown: bool) -> Result<(), DbErr> {
        self.0.show(workspace, workshop.0, is_shown).await
    }

    async fn counts(&self, workspace: WorkspaceId, workshop: WorkshopId) -> Result<PhotoCounts, DbErr> {
        let counts = self.0.counts(workspace, &[workshop.0]).await?;
        Ok(counts.get(&workshop.0).map_or_else(PhotoCounts::default, |counts| PhotoCounts {
            description: counts.description,
            attendee: counts.attendee,
            likes: counts.likes,
            comments: counts.comments,
        }))
    }
}
