//! Albums, as the guard loads them.

use kernel::{
    grant::{Permission, Relation},
    guard::{Found, InWorkspace, Listing, Lookup, Sight, Target, Tenant},
    http::etag_of,
    ids::{UserId, WorkspaceId},
    problem::Problem,
};

use crate::{
    Schema,
    dto::AlbumFilter,
    entity::album,
    ids::AlbumId,
    permissions,
    store::{self, albums::Shown},
};

/// An album, as the guard loads it.
pub type AlbumRow = album::Model;

/// An album with what whoever asks may see of what is in it.
#[derive(Clone, Debug)]
pub struct ShownAlbum(pub(crate) Shown);

kernel::actions! {
    module Schema;
    /// Makes an album.
    CreateAlbum: permissions::EDIT_IMAGES, on InWorkspace;
    /// Reads an album.
    ViewAlbum: permissions::VIEW_IMAGES, on ShownAlbum;
    /// Changes what an album is called, its cover, what is in it and in which order.
    EditAlbum: permissions::EDIT_IMAGES, on AlbumRow;
    /// Deletes an album; the images stay.
    DeleteAlbum: permissions::EDIT_IMAGES, on AlbumRow;
}

/// An album is known to who may look at images, or edit them. What is in it is another matter.
fn is_known(sight: &Sight<'_>) -> bool {
    sight.holds(&permissions::VIEW_IMAGES) || sight.holds(&permissions::EDIT_IMAGES)
}

impl AlbumRow {
    /// How `user` stands to it: it is its maker's own, and nobody takes part in it.
    fn relation(&self, user: UserId) -> Relation {
        Relation::of(self.creator_id == user, false)
    }
}

impl Target for AlbumRow {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let id: AlbumId = lookup.key("id")?;
        let row = store::albums::find(lookup, id).await?;
        Ok(row.map(|row| {
            let (workspace, relation) = (row.workspace_id, row.relation(lookup.caller().user));
            Found::in_workspace(row, workspace, relation)
        }))
    }

    fn visible(&self, sight: &Sight<'_>) -> bool {
        is_known(sight)
    }

    fn etag(&self) -> Option<String> {
        Some(etag_of(self.version))
    }
}

impl Tenant for AlbumRow {
    fn workspace(&self) -> WorkspaceId {
        self.workspace_id
    }
}

impl Target for ShownAlbum {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let id: AlbumId = lookup.key("id")?;
        let shown = store::albums::find_shown(lookup, id).await?;
        Ok(shown.map(|shown| {
            let relation = shown.album.relation(lookup.caller().user);
            let workspace = shown.album.workspace_id;
            Found::in_workspace(Self(shown), workspace, relation)
        }))
    }

    fn visible(&self, sight: &Sight<'_>) -> bool {
        is_known(sight)
    }
}

impl Tenant for ShownAlbum {
    fn workspace(&self) -> WorkspaceId {
        self.0.album.workspace_id
    }
}

/// The list of albums.
#[derive(Debug)]
pub(crate) struct ListAlbums;

impl Listing for ListAlbums {
    type Module = Schema;
    type Filter = AlbumFilter;
    const PERMISSION: &'static Permission = &permissions::VIEW_IMAGES;
    const SORTS: &'static [&'static str] = &["-created_at", "created_at", "title", "-title"];
}
