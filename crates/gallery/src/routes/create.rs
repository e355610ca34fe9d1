//! `POST /images`.

use actix_web::web::Data;
use kernel::{guard::Creating, http::Created, problem::Problem};
use utoipa::ToSchema;

use crate::{
    actions::UploadImage,
    dto::ImageView,
    service::Images,
    upload::{UploadForm, UploadQuery},
};

/// The form of an upload, for the documentation: it is read as a stream.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct NewImage {
    /// The workspace, by id or slug. May be left out by who belongs to exactly one, or named in the query. Before the
    /// file, so that it is decided before the file is kept.
    workspace: Option<String>,
    /// What is to be seen, at most 2,000 characters.
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// Tags, parted by commas or in several parts of this name; at most 20 of 1 to 50 characters.
    tags: Option<Vec<String>>,
    /// A JPEG, PNG, WebP or GIF. What it is is told by its bytes.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Uploads an image.
///
/// It is a draft until it is submitted and approved. The picture is checked, turned the right way up and freed of its
/// metadata; the file as it was uploaded is kept for those who may edit it. The same bytes twice in a workspace are
/// refused with the id of the first, unless `allow_duplicate=true`.
#[utoipa::path(
    post, path = "/images", tag = "images", operation_id = "upload_image",
    params(UploadQuery),
    request_body(content = NewImage, content_type = "multipart/form-data"),
    responses((status = 201, description = "Uploaded.", body = ImageView)),
)]
pub async fn create(
    guard: Creating<UploadImage>,
    form: UploadForm,
    images: Data<Images>,
) -> Result<Created<ImageView>, Problem> {
    let decide = async |workspace: Option<&_>| guard.permit_in(workspace).await;
    let (permit, upload) = form.receive(images.spool(), guard.is_possible(), decide).await?;
    Ok(images.upload(&permit, upload).await?)
}
