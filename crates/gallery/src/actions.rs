//! What handlers of the gallery do, and how the guard loads what they do it to.

use std::collections::HashMap;

use kernel::{
    grant::{Permission, Relation},
    guard::{Found, InWorkspace, Listing, Lookup, Several, Sight, Target, Tenant},
    http::etag_of,
    ids::{ImageId, UserId, WorkspaceId},
    problem::Problem,
};
use uuid::Uuid;

mod albums;
mod social;

pub(crate) use albums::{AlbumRow, CreateAlbum, DeleteAlbum, EditAlbum, ListAlbums, ViewAlbum};
pub(crate) use social::{
    CommentRow, DeleteComment, EditComment, HandleReport, ListReports, ReadComment, ReadReport, ReportRow,
};

use crate::{
    Schema,
    dto::{ImageFilter, NoFilter, QueueFilter},
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
    /// Makes a link to an image that needs no sign-in: it leaves the workspace, so it takes more than looking at it.
    ShareImage: permissions::EDIT_IMAGES, on ImageRow;
    /// Submits an image, or takes it back.
    SubmitImage: permissions::EDIT_IMAGES, on ImageRow;
    /// Claims a submitted image, or decides about it.
    ReviewImage: permissions::REVIEW_IMAGES, on ImageRow;
    /// Likes an image, or no more.
    LikeImage: permissions::LIKE_IMAGES, on ImageRow;
    /// Reports an image.
    ReportImage: permissions::REPORT_IMAGES, on ImageRow;
    /// Reads what is said of an image.
    ReadComments: permissions::VIEW_COMMENTS, on ImageRow;
    /// Says something of an image.
    WriteComment: permissions::COMMENT, on ImageRow;
    /// Takes an image out of the trash.
    RestoreImage: permissions::DELETE_IMAGES, on TrashedImage;
    /// Reads how the gallery is run.
    ViewGallery: permissions::VIEW_IMAGES, on InWorkspace;
    /// Renames tags of a whole workspace.
    ChangeTags: permissions::EDIT_IMAGES, on InWorkspace;
    /// Changes how the gallery is run.
    ChangeGallery: permissions::REVIEW_IMAGES, on InWorkspace;
}

impl Target for ImageRow {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let id: ImageId = lookup.key("id")?;
        let row = store::images::find(lookup, id).await?;
        Ok(row.map(|row| row.found(lookup.caller().user)))
    }

    fn visible(&self, sight: &Sight<'_>) -> bool {
        visibility::is_known(self.status, self.part, sight.relation(), |permission| sight.holds(permission))
    }

    fn etag(&self) -> Option<String> {
        Some(etag_of(self.version))
    }
}

impl Several for ImageRow {
    async fn find_all(lookup: &Lookup<'_>, ids: &[Uuid]) -> Result<HashMap<Uuid, Found<Self>>, Problem> {
        let rows = store::images::find_all(lookup, ids).await?;
        Ok(rows.into_iter().map(|row| (row.id.0, row.found(lookup.caller().user))).collect())
    }
}

/// An image in the trash, as the guard loads it. It exists for those who may delete it.
#[derive(Clone, Debug)]
pub struct TrashedImage(pub(crate) ImageRow);

impl Target for TrashedImage {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let id: ImageId = lookup.key("id")?;
        let row = store::images::find_trashed(lookup, id).await?;
        Ok(row.map(|row| {
            let (workspace, relation) = (row.workspace_id, row.relation(lookup.caller().user));
            Found::in_workspace(Self(row), workspace, relation)
        }))
    }

    fn visible(&self, sight: &Sight<'_>) -> bool {
        sight.holds(&permissions::DELETE_IMAGES)
    }

    fn etag(&self) -> Option<String> {
        Some(etag_of(self.0.version))
    }
}

impl Tenant for TrashedImage {
    fn workspace(&self) -> WorkspaceId {
        self.0.workspace_id
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

    fn found(self, user: UserId) -> Found<Self> {
        let (workspace, relation) = (self.workspace_id, self.relation(user));
        Found::in_workspace(self, workspace, relation)
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
    const SORTS: &'static [&'static str] = &["-created_at", "created_at", RELEVANCE, PLACE];

    fn default_sort(filter: &ImageFilter) -> &'static str {
        match filter {
            _ if filter.searched().is_some() => RELEVANCE,
            ImageFilter { album: Some(_), .. } => PLACE,
            _ => "-created_at",
        }
    }
}

/// The sort by how well a search is met.
pub(crate) const RELEVANCE: &str = "relevance";
/// The sort by the place in an album.
pub(crate) const PLACE: &str = "place";

/// The images that wait for a decision.
#[derive(Debug)]
pub(crate) struct ListPending;

impl Listing for ListPending {
    type Module = Schema;
    type Filter = QueueFilter;
    const PERMISSION: &'static Permission = &permissions::REVIEW_IMAGES;
    const SORTS: &'static [&'static str] = &["submitted_at"];
}

/// The tags of images.
#[derive(Debug)]
pub(crate) struct ListTags;

impl Listing for ListTags {
    type Module = Schema;
    type Filter = NoFilter;
    const PERMISSION: &'static Permission = &permissions::VIEW_IMAGES;
    const SORTS: &'static [&'static str] = &["tag"];
}

/// The trash.
#[derive(Debug)]
pub(crate) struct ListTrash;

impl Listing for ListTrash {
    type Module = Schema;
    type Filter = NoFilter;
    const PERMISSION: &'static Permission = &permissions::DELETE_IMAGES;
    const SORTS: &'static [&'static str] = &["-deleted_at"];
}
