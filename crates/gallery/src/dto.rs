//! What the gallery's operations take and answer.

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use kernel::{
    http::given,
    ids::{ImageId, UserId, WorkspaceId},
    listing::Search,
};
use sea_orm::prelude::Uuid;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

mod albums;
mod bulk;
mod cases;
mod social;

pub(crate) use albums::{AlbumDetails, AlbumFilter, AlbumImages, AlbumPatch, AlbumPlace, AlbumView, NewAlbum};

pub(crate) use bulk::{
    BulkDecision, BulkEdit, BulkOutcome, BulkResult, ImageSelection, TagChange, TagView, TagsChanged,
};
pub(crate) use cases::{
    Appeal, Approval, ClaimView, Claimed, GalleryView, NoFilter, QueueFilter, QueueStatus, RestoreQuery, claim_of,
};
pub(crate) use social::{
    CommentEdit, CommentFilter, CommentView, LikeView, NewComment, NewReport, ReportFilter, ReportReceipt,
    ReportVerdict, ReportView,
};

use crate::{
    entity::{Part, Status, approval_event, image},
    ids::AlbumId,
    service::Asked,
    storage::Variant,
    tags,
};

/// Characters that a description may have.
pub(crate) const MAX_DESCRIPTION: u64 = 2000;

/// Where an image's bytes are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ImageLinks {
    /// The picture.
    pub content: String,
    /// Its thumbnail, at most 320 pixels wide and high.
    pub thumbnail: String,
    /// The same as WebP or JPEG, by what the client accepts.
    pub small: String,
    /// At most 1,280 pixels wide and high, as WebP or JPEG, by what the client accepts.
    pub large: String,
}

impl ImageLinks {
    /// Those of an image.
    pub(crate) fn of(image: ImageId) -> Self {
        let content = format!("/api/v1/images/{image}/content");
        Self {
            thumbnail: format!("{content}?variant=thumbnail"),
            small: format!("{content}?variant=320"),
            large: format!("{content}?variant=1280"),
            content,
        }
    }
}

/// An image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ImageView {
    /// Its id.
    pub id: ImageId,
    /// The workspace it belongs to.
    pub workspace_id: WorkspaceId,
    /// Who uploaded it.
    pub uploader_id: UserId,
    /// Where it stands in its approval.
    pub status: Status,
    /// What is to be seen.
    pub description: String,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// `image/jpeg`, `image/png`, `image/webp` or `image/gif`.
    pub media_type: String,
    /// In pixels, the right way up.
    pub width: i32,
    /// In pixels, the right way up.
    pub height: i32,
    /// Bytes of what `links.content` answers.
    pub bytes: i64,
    /// A stand-in to draw while the picture loads, in base64 (<https://evanw.github.io/thumbhash/>); null for an image
    /// from before there were any.
    pub thumbhash: Option<String>,
    /// When it was uploaded.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Its version, which is also its entity tag.
    pub version: i32,
    /// Where its bytes are.
    pub links: ImageLinks,
    /// The workshop that it is a photo of, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub workshop_id: Option<Uuid>,
    /// Where in that workshop it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
    /// SHA-256 of the file as it was uploaded. Only for those who may edit the image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// The name of the file as it was uploaded. Only for those who may edit the image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_name: Option<String>,
    /// Bytes of the file as it was uploaded. Only for those who may edit the image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_bytes: Option<i64>,
}

impl ImageView {
    /// The view for someone who may edit the image, or for someone who may not.
    pub(crate) fn of(row: image::Model, for_editor: bool) -> Self {
        let links = ImageLinks::of(row.id);
        Self {
            id: row.id,
            workspace_id: row.workspace_id,
            uploader_id: row.uploader_id,
            status: row.status,
            description: row.description,
            tags: row.tags.0,
            media_type: row.media_type,
            width: row.width,
            height: row.height,
            bytes: row.display_bytes,
            thumbhash: row.thumbhash.map(|hash| STANDARD.encode(hash)),
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
            links,
            workshop_id: row.workshop_id,
            part: row.part,
            sha256: for_editor.then(|| hex::encode(&row.content_hash)),
            original_name: row.original_name.filter(|_| for_editor),
            original_bytes: for_editor.then_some(row.original_bytes),
        }
    }
}

/// What a link may lead to; never the file as it was uploaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum LinkedVariant {
    /// The picture.
    #[default]
    #[serde(rename = "display")]
    Display,
    /// At most 1,280 pixels wide and high, as WebP or JPEG, by what the client accepts.
    #[serde(rename = "1280")]
    Large,
    /// At most 320 pixels wide and high, as WebP or JPEG, by what the client accepts.
    #[serde(rename = "320")]
    Small,
}

impl LinkedVariant {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Display => "display",
            Self::Large => "1280",
            Self::Small => "320",
        }
    }

    pub(crate) fn asked(self) -> Asked {
        match self {
            Self::Display => Asked::One(Variant::Display),
            Self::Large => Asked::Large,
            Self::Small => Asked::Small,
        }
    }
}

/// A link to be made.
#[derive(Clone, Copy, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NewLink {
    /// What it leads to; the picture, if nothing is said.
    pub variant: Option<LinkedVariant>,
    /// For how many seconds, 60 to 604,800 (a week); an hour, if nothing is said.
    #[validate(range(min = 60, max = 604_800))]
    #[schema(minimum = 60, maximum = 604_800)]
    pub expires_in: Option<u32>,
}

/// A link that needs no sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LinkView {
    /// Where the picture is, from the root. Whoever has it sees the picture.
    pub url: String,
    /// Until when, unless the image is withdrawn, rejected or deleted before, or the workspace closed.
    pub expires_at: DateTime<Utc>,
}

/// Filters of the list of images.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct ImageFilter {
    /// Only those that stand so in their approval.
    pub status: Option<Status>,
    /// Only those of this person.
    pub uploader: Option<UserId>,
    /// Only those with this tag.
    pub tag: Option<String>,
    /// Only those in this album.
    pub album: Option<AlbumId>,
    /// Words, each of which is a part of the description or of a tag, in any case, or is like a word there: of four letters
    /// or more with no digit, some may be wrong. What matches best comes first, unless another order is asked for.
    #[param(value_type = Option<String>, max_length = 200)]
    pub search: Option<Search>,
}

impl ImageFilter {
    /// What is searched for, if anything is.
    pub(crate) fn searched(&self) -> Option<&Search> {
        Search::of(self.search.as_ref())
    }
}

/// What can be edited of an image; what is left out becomes empty.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ImageDetails {
    /// What is to be seen, at most 2,000 characters.
    #[validate(length(max = MAX_DESCRIPTION))]
    pub description: String,
    /// At most 20 tags of 1 to 50 characters; kept in lower case and once each.
    #[validate(custom(function = tags::valid))]
    pub tags: Vec<String>,
}

/// What is to be changed of an image. Null empties.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ImagePatch {
    /// What is to be seen, at most 2,000 characters.
    #[expect(clippy::option_option, reason = "left out is not the same as null")]
    #[serde(deserialize_with = "given")]
    #[validate(length(max = MAX_DESCRIPTION))]
    pub description: Option<Option<String>>,
    /// At most 20 tags of 1 to 50 characters; kept in lower case and once each.
    #[expect(clippy::option_option, reason = "left out is not the same as null")]
    #[serde(deserialize_with = "given")]
    #[validate(custom(function = tags::valid))]
    pub tags: Option<Option<Vec<String>>>,
}

impl From<ImageDetails> for ImagePatch {
    fn from(details: ImageDetails) -> Self {
        Self { description: Some(Some(details.description)), tags: Some(Some(details.tags)) }
    }
}

/// What a reviewer can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is shown.
    Approved,
    /// It is not, for a reason.
    Rejected,
}

/// A reviewer's decision.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewDecision {
    /// What was decided.
    pub decision: Verdict,
    /// Why, for programs, as in `bad_quality`. A rejection needs this or `reason`.
    #[validate(length(min = 1, max = 64), custom(function = is_code))]
    pub reason_code: Option<String>,
    /// Why, for people.
    #[validate(length(max = 2000))]
    pub reason: Option<String>,
}

fn is_code(code: &str) -> Result<(), validator::ValidationError> {
    let fits = code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    let sentence = "It takes lower-case letters, digits and underscores.";
    if fits { Ok(()) } else { Err(validator::ValidationError::new("invalid_value").with_message(sentence.into())) }
}

/// One step of an approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ApprovalEntry {
    /// When.
    pub at: DateTime<Utc>,
    /// Who; null where the program did it by itself.
    pub actor_id: Option<UserId>,
    /// The status before.
    pub from: Status,
    /// The status after.
    pub to: Status,
    /// Why, for programs.
    pub reason_code: Option<String>,
    /// Why, for people; of an appeal, what its uploader has to say.
    pub reason: Option<String>,
    /// Whether the uploader appealed against the rejection before.
    pub is_appeal: bool,
}

/// Where an image stands in its approval, and how it came there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ApprovalView {
    /// The image.
    pub image_id: ImageId,
    /// Where it stands.
    pub status: Status,
    /// Since when it waits for a decision, if it does.
    pub submitted_at: Option<DateTime<Utc>>,
    /// Whether it waits because its uploader appealed.
    pub is_appeal: bool,
    /// When it was approved or rejected, if it is.
    pub decided_at: Option<DateTime<Utc>>,
    /// Who looks at it at the moment.
    pub claim: Option<ClaimView>,
    /// Every step, the oldest first.
    pub history: Vec<ApprovalEntry>,
}

impl ApprovalView {
    pub(crate) fn of(row: &image::Model, history: Vec<approval_event::Model>, now: DateTime<Utc>) -> Self {
        let entry = |step: approval_event::Model| ApprovalEntry {
            at: step.at,
            actor_id: step.actor_id,
            from: step.from_status,
            to: step.to_status,
            reason_code: step.reason_code,
            reason: step.reason,
            is_appeal: step.is_appeal,
        };
        let history = history.into_iter().map(entry).collect();
        Self {
            image_id: row.id,
            status: row.status,
            submitted_at: row.submitted_at,
            is_appeal: row.is_appeal,
            decided_at: row.decided_at,
            claim: claim_of(row, now),
            history,
        }
    }
}

/// An image in the review queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PendingView {
    /// The image.
    #[serde(flatten)]
    pub image: ImageView,
    /// Since when it waits; null where it was decided.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When it was decided; null where it waits.
    pub decided_at: Option<DateTime<Utc>>,
    /// Whether it waits because its uploader appealed.
    pub is_appeal: bool,
    /// Who looks at it at the moment.
    pub claim: Option<ClaimView>,
}

/// An image in the trash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TrashedView {
    /// The image. Its links lead nowhere while it is here.
    #[serde(flatten)]
    pub image: ImageView,
    /// When it was deleted.
    pub deleted_at: Option<DateTime<Utc>>,
    /// Who deleted it.
    pub deleted_by: Option<UserId>,
    /// When it goes for good.
    pub erased_at: Option<DateTime<Utc>>,
}
