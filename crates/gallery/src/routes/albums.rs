//! Albums: `/albums` and `/albums/{id}`.

use actix_web::web::Data;
use kernel::{
    guard::{Creating, Guarded, Scoped},
    http::{Body, Created, NoContent, Tagged},
    page::Page,
    problem::Problem,
};

use super::current::Current;
use crate::{
    actions::{CreateAlbum, DeleteAlbum, EditAlbum, ListAlbums, ViewAlbum},
    dto::{AlbumDetails, AlbumFilter, AlbumPatch, AlbumView, NewAlbum},
    ids::AlbumId,
    service::Images,
};

/// Lists albums. Each counts and shows only what the caller may see of it.
#[utoipa::path(
    get, path = "/albums", tag = "albums", operation_id = "list_albums",
    params(
        ("workspace" = Option<String>, Query, description = "One workspace, by id or slug; otherwise all of the caller's."),
        ("limit" = Option<u64>, Query, description = "Rows on a page, 1 to 200; 50 if left out."),
        ("cursor" = Option<String>, Query, description = "`next` of the page before."),
        ("sort" = Option<String>, Query, description = "`-created_at` (default), `created_at`, `title` or `-title`."),
        ("count" = Option<bool>, Query, description = "Whether to count the rows, up to 10,000."),
        AlbumFilter,
    ),
    responses((status = 200, description = "A page of albums.", body = Page<AlbumView>)),
)]
pub async fn list_albums(scoped: Scoped<ListAlbums>, images: Data<Images>) -> Result<Page<AlbumView>, Problem> {
    images.albums(&scoped).await
}

/// Makes an album, with nothing in it. A workspace takes 1,000: then 409 `too_many_albums`.
#[utoipa::path(
    post, path = "/albums", tag = "albums", operation_id = "create_album",
    request_body = NewAlbum,
    responses((status = 201, description = "The album.", body = AlbumView)),
)]
pub async fn create_album(
    guard: Creating<CreateAlbum>,
    body: Body<NewAlbum>,
    images: Data<Images>,
) -> Result<Created<AlbumView>, Problem> {
    let new = body.valid()?;
    let permit = guard.permit_for_self_in(new.workspace.as_ref()).await?;
    Ok(images.create_album(&permit, new).await?)
}

/// Reads an album. Its images are listed by `GET /images?album=`.
#[utoipa::path(
    get, path = "/albums/{id}", tag = "albums", operation_id = "read_album",
    params(("id" = AlbumId, Path, description = "The album.")),
    responses((status = 200, description = "The album.", body = AlbumView)),
)]
pub async fn read_album(guard: Guarded<ViewAlbum>) -> Result<Current<AlbumView>, Problem> {
    let shown = guard.permit().target().0.clone();
    Ok(Current { version: shown.album.version, view: shown.into() })
}

/// Says anew what an album is called, what it is about and what it is shown by.
#[utoipa::path(
    put, path = "/albums/{id}", tag = "albums", operation_id = "replace_album",
    params(("id" = AlbumId, Path, description = "The album.")),
    request_body = AlbumDetails,
    responses((status = 200, description = "The album as it is now.", body = AlbumView)),
)]
pub async fn replace_album(
    guard: Guarded<EditAlbum>,
    body: Body<AlbumDetails>,
    images: Data<Images>,
) -> Result<Tagged<AlbumView>, Problem> {
    Ok(images.edit_album(guard.permit(), body.valid()?.into()).await?)
}

/// Changes what is given of an album (RFC 7396).
#[utoipa::path(
    patch, path = "/albums/{id}", tag = "albums", operation_id = "edit_album",
    params(("id" = AlbumId, Path, description = "The album.")),
    request_body = AlbumPatch,
    responses((status = 200, description = "The album as it is now.", body = AlbumView)),
)]
pub async fn edit_album(
    guard: Guarded<EditAlbum>,
    body: Body<AlbumPatch>,
    images: Data<Images>,
) -> Result<Tagged<AlbumView>, Problem> {
    Ok(images.edit_album(guard.permit(), body.valid()?).await?)
}

/// Deletes an album. The images that are in it stay.
#[utoipa::path(
    delete, path = "/albums/{id}", tag = "albums", operation_id = "delete_album",
    params(("id" = AlbumId, Path, description = "The album.")),
    responses((status = 204, description = "Deleted.")),
)]
pub async fn delete_album(guard: Guarded<DeleteAlbum>, images: Data<Images>) -> Result<NoContent, Problem> {
    Ok(images.delete_album(guard.permit()).await?)
}
