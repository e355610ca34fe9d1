//! What handlers of the gallery do, and how the guard loads what they do it to.

use kernel::{
    grant::{Permission, Relation},
    guard::{Found, InWorkspace, Listing, Lookup, Sight, Target, Tenant},
    http::etag_of,
    ids::{ImageId, UserId, WorkspaceId},
    problem::Problem,
};

use crate::{
    Schema,
    dto::{ImageFilter, QueueFilter},
    entity::image,
    permissions, store, visibility,
};

/// An image, as the guard loads it.
pub type ImageRow = image::Model;

kernel::actions! {
    module Schema;
    /// Uploads an image.
    UploadImage: permissions::UPLOAD_IMAGES, on InWorkspace;
    /// Reads an image's facts and bytes.
    ViewImage: permissions::VIEW_IMAGES, on ImageRow;
    /// Changes description and tags.
    EditImage: permissions::EDIT_IMAGES, on ImageRow;
    /// Deletes an image.
    DeleteImage: permissions::DELETE_IMAGES, on ImageRow;
    /// Reads an approval with its history.
    ViewApproval: permissions::EDIT_IMAGES, on ImageRow;
    /// Submits an image, or takes it back.
    SubmitImage: permissions::EDIT_IMAGES, on ImageRow;
    /// Decides about a submitted image.
    ReviewImage: permissions::REVIEW_IMAGES, on ImageRow;
}

impl Target for ImageRow {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let id: ImageId = lookup.key("id")?;
        let row = store::images::find(lookup, id).await?;
        Ok(row.map(|row| {
            let (workspace, relation) = (row.workspace_id, row.relation(lookup.caller().user));
            Found::in_workspace(row, workspace, relation)
        }))
    }

    fn visible(&self, sight: &Sight<'_>) -> bool {
        visibility::is_known(self.status, sight.relation(), |permission| sight.holds(permission))
    }

    fn etag(&self) -> Option<String> {
        Some(etag_of(self.version))
    }
}

impl Tenant for ImageRow {
    fn workspace(&self) -> WorkspaceId {
        self.workspace_id
    }
}

impl ImageRow {
    /// Whose it is: its uploader's, or that of whoever made the workshop that it is a photo of.
    pub(crate) fn owner(&self) -> UserId {
        self.steward_id.unwrap_or(self.uploader_id)
    }

    /// How `user` stands to it: it is its owner's own, and nobody takes part in it.
    pub(crate) fn relation(&self, user: UserId) -> Relation {
        Relation::of(self.owner() == user, false)
    }
}

/// The list of images.
#[derive(Debug)]
pub(crate) struct ListImages;

impl Listing for ListImages {
    type Module = Schema;
    type Filter = ImageFilter;
    const PERMISSION: &'static Permission = &permissions::VIEW_IMAGES;
    const SORTS: &'static [&'static str] = &["-created_at", "created_at"];
}

/// The images that wait for a decision.
#[derive(Debug)]
pub(crate) struct ListPending;

impl Listing for ListPending {
    type Module = Schema;
    type Filter = QueueFilter;
    const PERMISSION: &'static Permission = &permissions::REVIEW_IMAGES;
    const SORTS: &'static [&'static str] = &["submitted_at"];
}
