//! How a photo comes in: read and checked first, which takes long, and added when the workshop's module has decided.

use kernel::{authority::Caller, ids::WorkspaceId, outbox::Event, problem::Problem};

use super::{PhotoForm, PhotoView, Photos, Workshop};
use crate::{
    Part, Status,
    dto::ImageView,
    error::GalleryError,
    service::{Admission, Facts, uploaded},
    store::{self, once::Once},
    upload::Upload,
};

/// A photo that was received, checked and stored, and belongs to no workshop yet.
#[derive(Debug)]
pub struct PreparedPhoto {
    admission: Admission,
    original_name: Option<String>,
    description: String,
    tags: Vec<String>,
    allow_duplicate: bool,
    fingerprint: [u8; 32],
}

impl PreparedPhoto {
    /// SHA-256 of what was asked for, for [`kernel::facts::RequestFacts::set_body_hash`].
    pub fn fingerprint(&self) -> [u8; 32] {
        self.fingerprint
    }
}

impl Photos {
    /// Reads a form, looks at its file and stores it. Takes long: outside of any transaction. What comes of it is to be
    /// handed to [`Photos::add`] or [`Photos::abandon`].
    pub async fn receive(&self, workspace: WorkspaceId, form: PhotoForm) -> Result<PreparedPhoto, Problem> {
        let decide = async |named: Option<&_>| {
            if named.is_none() {
                return Ok(());
            }
            let sentence = "A photo goes where its workshop is; leave the workspace out.";
            Err(Problem::invalid_field("/workspace", "unknown_field", sentence))
        };
        let ((), upload) = form.0.receive(self.images.spool(), true, decide).await?;
        let fingerprint = upload.fingerprint(workspace);
        let Upload { file, original_name, description, tags, allow_duplicate } = upload;
        let admission = self.images.prepare(workspace, file).await?;
        Ok(PreparedPhoto { admission, original_name, description, tags, allow_duplicate, fingerprint })
    }

    /// Adds a photo to a workshop of the workspace that it was received for. In one transaction, which is short. Twice the
    /// same picture in one workshop is refused, unless the form allowed it. Asked for again under the same `key`, it is
    /// answered with what the first request added.
    pub async fn add(
        &self,
        by: &Caller,
        workshop: &Workshop,
        part: Part,
        photo: PreparedPhoto,
        key: Option<&str>,
    ) -> Result<PhotoView, GalleryError> {
        let place = *photo.admission.place();
        let once = key.map(|key| Once::of(by, workshop.id, part, key, photo.fingerprint));
        let added = self.enter(by, workshop, part, photo, once.as_ref()).await;
        if !matches!(added, Ok((_, true))) {
            self.images.sweep(place).await;
        }
        added.map(|(view, _)| view)
    }

    /// Lets go of a photo that is not to be added after all.
    pub async fn abandon(&self, photo: PreparedPhoto) {
        self.images.sweep(*photo.admission.place()).await;
    }

    /// The photo, and whether it is new.
    async fn enter(
        &self,
        by: &Caller,
        workshop: &Workshop,
        part: Part,
        photo: PreparedPhoto,
        once: Option<&Once>,
    ) -> Result<(PhotoView, bool), GalleryError> {
        let PreparedPhoto { admission, original_name, description, tags, allow_duplicate, .. } = photo;
        if admission.place().workspace() != workshop.workspace {
            return Err(GalleryError::NotFound);
        }
        let allowed = self.images.allowed_bytes(workshop.workspace, by.user).await?;
        let _turn = self.images.turn().await?;
        let tx = self.system.begin().await?;
        if let Some(once) = once
            && let Some(known) = store::once::claim(&tx, once).await?
        {
            let row = store::photos::find(&tx, workshop.workspace, known).await?.ok_or(GalleryError::NotFound)?;
            return Ok((PhotoView { image: ImageView::of(row, false), likes: 0, liked: false, comments: 0 }, false));
        }
        if let Some(twin) = self.images.enter(&tx, &admission, Some(workshop.id)).await?
            && !allow_duplicate
        {
            // Who adds to either sees what describes the workshop; who adds to that needn't see the photos of attendees.
            let is_known = twin.part == Some(Part::Description) || part == Part::Attendee;
            return Err(GalleryError::Duplicate { existing: is_known.then_some(twin.id) });
        }
        let at = self.images.clock().now();
        let mut row = admission.draft(Facts { uploader: by.user, description, tags, original_name, at });
        row.status = if workshop.is_shown { Status::Approved } else { Status::Draft };
        row.workshop_id = Some(workshop.id);
        row.part = Some(part);
        row.steward_id = Some(workshop.steward);
        let row = store::images::insert(&tx, row).await?;
        self.images.check_quota(&tx, (row.workspace_id, row.uploader_id), allowed).await?;
        tx.announce(of_photo(uploaded(&row), by, workshop.id, part)).await?;
        if let Some(once) = once {
            store::once::keep(&tx, once, row.id, at).await?;
        }
        tx.commit().await?;
        Ok((PhotoView { image: ImageView::of(row, false), likes: 0, liked: false, comments: 0 }, true))
    }
}

/// An event of a photo, in the name of who brought it about.
pub(super) fn of_photo(event: Event, by: &Caller, workshop: sea_orm::prelude::Uuid, part: Part) -> Event {
    event.by(by).fact("workshop_id", workshop.to_string()).fact("part", part.as_str())
}
