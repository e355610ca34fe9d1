//! What likes, comments and reports take and answer.

use chrono::{DateTime, Utc};
use kernel::ids::{ImageId, UserId, WorkspaceId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{cases::is_said, is_code};
use crate::{
    entity::{ReportStatus, comment, report},
    ids::{CommentId, ReportId},
};

/// Whether the caller likes an image, and how many do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LikeView {
    /// The image.
    pub image_id: ImageId,
    /// Whether the caller likes it.
    pub liked: bool,
    /// How many do.
    pub likes: u64,
}

/// What somebody says of an image.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewComment {
    /// 1 to 2,000 characters.
    #[validate(length(max = 2000), custom(function = is_said))]
    pub body: String,
    /// The comment of the same image that it answers. An answer can't be answered itself.
    #[serde(default)]
    pub parent_id: Option<CommentId>,
}

/// Other words for a comment.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommentEdit {
    /// 1 to 2,000 characters.
    #[validate(length(max = 2000), custom(function = is_said))]
    pub body: String,
}

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CommentView {
    /// Its id.
    pub id: CommentId,
    /// The image that it is about.
    pub image_id: ImageId,
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The comment that it answers, if it does.
    pub parent_id: Option<CommentId>,
    /// Who wrote it.
    pub author_id: UserId,
    /// What it says.
    pub body: String,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When its words last changed; null if they never did.
    pub edited_at: Option<DateTime<Utc>>,
    /// Its version, which is also its entity tag.
    pub version: i32,
}

impl From<comment::Model> for CommentView {
    fn from(row: comment::Model) -> Self {
        let comment::Model { id, workspace_id, image_id, parent_id, author_id, body, version, created_at, edited_at } =
            row;
        Self { id, image_id, workspace_id, parent_id, author_id, body, created_at, edited_at, version }
    }
}

/// Filters of an image's comments.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct CommentFilter {
    /// Only what answers this comment.
    pub parent: Option<CommentId>,
}

/// What somebody finds wrong with an image.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReport {
    /// Why, for programs, as in `spam` or `not_allowed`.
    #[validate(length(min = 1, max = 64), custom(function = is_code))]
    pub reason_code: String,
    /// Why, for people, 1 to 2,000 characters.
    #[serde(default)]
    #[validate(length(max = 2000), custom(function = is_said))]
    pub reason: Option<String>,
}

/// What a reporter is told of their report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReportReceipt {
    /// Its id.
    pub id: ReportId,
    /// The image.
    pub image_id: ImageId,
    /// What was said.
    pub reason_code: String,
    /// Where it stands.
    pub status: ReportStatus,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

impl From<report::Model> for ReportReceipt {
    fn from(row: report::Model) -> Self {
        let report::Model { id, image_id, reason_code, status, created_at, .. } = row;
        Self { id, image_id, reason_code, status, created_at }
    }
}

/// A report, for those who handle them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReportView {
    /// Its id.
    pub id: ReportId,
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The image.
    pub image_id: ImageId,
    /// Who made it; null for whoever uploaded the image or owns it.
    pub reporter_id: Option<UserId>,
    /// Why, for programs.
    pub reason_code: String,
    /// Why, for people.
    pub reason: Option<String>,
    /// Where it stands.
    pub status: ReportStatus,
    /// Who handled it.
    pub handler_id: Option<UserId>,
    /// When.
    pub handled_at: Option<DateTime<Utc>>,
    /// What they had to say.
    pub note: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Its version, which is also its entity tag.
    pub version: i32,
}

impl ReportView {
    /// The view for someone of whose image it is, or for someone else.
    pub(crate) fn of(row: report::Model, for_reported: bool) -> Self {
        Self {
            id: row.id,
            workspace_id: row.workspace_id,
            image_id: row.image_id,
            reporter_id: (!for_reported).then_some(row.reporter_id),
            reason_code: row.reason_code,
            // Words give their writer away.
            reason: row.reason.filter(|_| !for_reported),
            status: row.status,
            handler_id: row.handler_id,
            handled_at: row.handled_at,
            note: row.note,
            created_at: row.created_at,
            version: row.version,
        }
    }
}

/// Filters of the list of reports.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct ReportFilter {
    /// Only those that stand so; all if left out.
    pub status: Option<ReportStatus>,
    /// Only those of this image.
    pub image: Option<ImageId>,
}

/// What a handler decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportOutcome {
    /// It was right.
    Upheld,
    /// It was not.
    Dismissed,
}

/// A handler's decision.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportVerdict {
    /// What was decided.
    pub status: ReportOutcome,
    /// What there is to say, 1 to 2,000 characters.
    #[serde(default)]
    #[validate(length(max = 2000), custom(function = is_said))]
    pub note: Option<String>,
}

impl From<ReportOutcome> for ReportStatus {
    fn from(outcome: ReportOutcome) -> Self {
        match outcome {
            ReportOutcome::Upheld => Self::Upheld,
            ReportOutcome::Dismissed => Self::Dismissed,
        }
    }
}
