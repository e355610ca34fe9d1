//! Everything that the gallery can refuse, and how it is told.

use actix_web::http::StatusCode;
use kernel::{failure::Failure, ids::ImageId, problem::Problem};
use sea_orm::DbErr;

use crate::{
    dto::ClaimView,
    entity::{ReportStatus, Status},
    picture::PictureFault,
};

/// Why an operation of the gallery did not happen.
#[derive(Debug, thiserror::Error)]
pub enum GalleryError {
    /// The image was deleted meanwhile, or its bytes were.
    #[error("no such image")]
    NotFound,
    /// The file has no byte.
    #[error("the file is empty")]
    FileEmpty,
    /// The file is no picture that is taken.
    #[error(transparent)]
    Picture(#[from] PictureFault),
    /// The workspace has an image of these bytes.
    #[error("a duplicate")]
    Duplicate {
        /// Which, if the caller may know of it.
        existing: Option<ImageId>,
    },
    /// The image doesn't stand where this operation starts.
    #[error("in state {}", status.as_str())]
    WrongState {
        /// Where it stands.
        status: Status,
        /// Where it would have to.
        needed: &'static [Status],
    },
    /// Not all of the photos are the workshop's; none was touched.
    #[error("not all of the photos are of this workshop")]
    NotOfWorkshop {
        /// Those that aren't.
        foreign: Vec<ImageId>,
    },
    /// Somebody else looks at it.
    #[error("claimed")]
    Claimed(ClaimView),
    /// Only whoever uploaded the image appeals.
    #[error("not the uploader")]
    NotUploader,
    /// Nobody handles what is reported of their own image.
    #[error("about the caller's own image")]
    AgainstCaller,
    /// The comment answers none of this image's, or one that is itself an answer.
    #[error("answers no comment")]
    NoSuchParent,
    /// The report was handled.
    #[error("report is {}", .0.as_str())]
    ReportHandled(ReportStatus),
    /// It is a photo of a workshop, which is shown and kept back with it.
    #[error("a photo of a workshop")]
    IsPhoto,
    /// The workspace has as many albums as there may be.
    #[error("{0} albums")]
    TooManyAlbums(u64),
    /// The album has as many images as it takes.
    #[error("{0} images")]
    AlbumFull(usize),
    /// What an album is to be shown by, or arranged after, is no image of it.
    #[error("not in the album")]
    NotInAlbum(&'static str),
    /// A rejection without a reason.
    #[error("a rejection needs a reason")]
    ReasonRequired,
    /// Too many pictures wait to be decoded.
    #[error("too many pictures wait to be decoded")]
    Busy,
    /// The object store failed.
    #[error("object store: {0}")]
    Storage(#[from] object_store::Error),
    /// The object store took too long under a lock.
    #[error("the object store takes too long")]
    StorageSlow,
    /// There is no room for the file.
    #[error("{used} of {allowed} bytes are used")]
    QuotaExceeded {
        /// Whose images they are.
        of: &'static str,
        /// Bytes that their uploads have, with this one.
        used: u64,
        /// Bytes that they may have.
        allowed: u64,
    },
    /// The spool folder failed.
    #[error("spool folder: {0}")]
    Disk(#[from] std::io::Error),
    /// The transaction failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<DbErr> for GalleryError {
    fn from(error: DbErr) -> Self {
        Self::Failure(error.into())
    }
}

impl From<GalleryError> for Problem {
    fn from(error: GalleryError) -> Self {
        match error {
            GalleryError::NotFound => Self::not_found(),
            GalleryError::FileEmpty => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "file_empty",
                "The file has no byte in it; was it read before it was sent?",
            ),
            GalleryError::Picture(fault) => picture(fault),
            GalleryError::Duplicate { existing } => duplicate(existing),
            GalleryError::WrongState { status, needed } => wrong_state(status, needed),
            GalleryError::NotOfWorkshop { foreign } => not_of_workshop(&foreign),
            GalleryError::Claimed(claim) => claimed(&claim),
            GalleryError::NotUploader => {
                Self::forbidden("not_uploader", "Only whoever uploaded the image can appeal against its rejection.")
            }
            GalleryError::AgainstCaller => Self::forbidden(
                "report_against_you",
                "The report is about an image of yours: somebody else handles it.",
            ),
            GalleryError::NoSuchParent => Self::invalid_field(
                "/parent_id",
                "no_such_comment",
                "It is no comment on this image, or one that answers another itself.",
            ),
            GalleryError::ReportHandled(status) => {
                Self::conflict("report_handled", format!("The report was {} before.", status.as_str()))
                    .with_member("state", status.as_str())
            }
            GalleryError::IsPhoto => Self::conflict(
                "photo_of_workshop",
                "It is a photo of a workshop: it is shown with the workshop, and waits for nobody's approval.",
            ),
            GalleryError::TooManyAlbums(limit) => {
                Self::conflict("too_many_albums", format!("A workspace takes {limit} albums, and this one has them."))
                    .with_member("limit", limit)
            }
            GalleryError::AlbumFull(limit) => {
                Self::conflict("album_full", format!("An album takes {limit} images, those in the trash as well."))
                    .with_member("limit", limit)
            }
            GalleryError::NotInAlbum(pointer) => {
                Self::invalid_field(pointer, "not_in_album", "It is no image of this album that you may see.")
            }
            GalleryError::ReasonRequired => {
                Self::invalid_field("/reason", "required", "A rejection takes a reason or a reason code.")
            }
            GalleryError::Busy => Self::unavailable("busy", "Too many pictures are being worked on; try again.", 5),
            GalleryError::Storage(error) => storage(&error),
            GalleryError::StorageSlow => storage(&"it took too long under a lock"),
            GalleryError::QuotaExceeded { of, used, allowed } => {
                let detail =
                    format!("The images of {of} may have {allowed} bytes; with this one they would have {used}.");
                Self::conflict("storage_quota_exceeded", detail)
                    .with_member("used", used)
                    .with_member("allowed", allowed)
            }
            GalleryError::Disk(error) => Self::internal(&error),
            GalleryError::Failure(failure) => failure.into(),
        }
    }
}

fn picture(fault: PictureFault) -> Problem {
    match fault {
        PictureFault::Unsupported => Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_image",
            "By its bytes, the file is neither JPEG, PNG, WebP nor GIF.",
        ),
        PictureFault::Corrupt => Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "image_corrupt",
            "The picture is broken or cut off, so that it can't be shown.",
        ),
        PictureFault::TooLarge { width, height, bound, limit } => Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "image_too_large",
            format!("The picture is {width} by {height}; it takes at most {limit} ({}).", bound.as_str()),
        )
        .with_member("width", width)
        .with_member("height", height)
        .with_member("bound", bound.as_str())
        .with_member("limit", limit),
    }
}

fn duplicate(existing: Option<ImageId>) -> Problem {
    let detail = "The workspace has an image of exactly these bytes; add ?allow_duplicate=true to have another.";
    let problem = Problem::conflict("duplicate_image", detail);
    match existing {
        Some(id) => problem.with_member("existing", id.to_string()),
        None => problem,
    }
}

fn claimed(claim: &ClaimView) -> Problem {
    Problem::conflict("claimed", "Somebody else is looking at this image; it is theirs to decide until then.")
        .with_member("claimed_by", claim.claimed_by.to_string())
        .with_member("claimed_until", claim.claimed_until.to_rfc3339())
}

fn not_of_workshop(foreign: &[ImageId]) -> Problem {
    let ids: Vec<String> = foreign.iter().map(ToString::to_string).collect();
    let sentence = "Not all of these are photos of this workshop; none was deleted.";
    Problem::invalid_field("/photo_ids", "not_of_workshop", sentence).with_member("foreign", ids)
}

fn wrong_state(status: Status, needed: &[Status]) -> Problem {
    let words: Vec<&str> = needed.iter().map(|status| status.as_str()).collect();
    let detail = format!("The image is {}; this takes one that is {}.", status.as_str(), words.join(" or "));
    Problem::conflict("wrong_state", detail).with_member("state", status.as_str()).with_member("needed", words)
}

fn storage(error: &dyn std::fmt::Display) -> Problem {
    tracing::error!(%error, "object store failed");
    Problem::unavailable("storage_unavailable", "The picture store is not reachable; try again shortly.", 5)
}
