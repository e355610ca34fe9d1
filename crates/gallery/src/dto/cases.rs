//! What approvals, the queue, the gallery's settings and the trash take and answer.

use chrono::{DateTime, Utc};
use kernel::ids::UserId;
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

use crate::entity::image;

/// Whether images need an approval before others see them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, Serialize, Deserialize, ToSchema)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Approval {
    /// They wait for a reviewer.
    Required,
    /// They are approved as they come.
    Off,
}

impl Approval {
    /// The word for it in JSON.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Off => "off",
        }
    }
}

/// How a workspace's gallery is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GalleryView {
    /// Whether images need an approval.
    pub approval: Approval,
}

/// An uploader's appeal.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Appeal {
    /// Why the rejection was wrong, 1 to 2,000 characters.
    #[validate(length(max = 2000), custom(function = is_said))]
    pub reason: String,
}

/// Whether a text says anything.
pub(super) fn is_said(text: &str) -> Result<(), ValidationError> {
    let sentence = "It says nothing.";
    if text.trim().is_empty() { Err(ValidationError::new("required").with_message(sentence.into())) } else { Ok(()) }
}

/// A reviewer looks at an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ClaimView {
    /// Who.
    pub claimed_by: UserId,
    /// Until when nobody else decides.
    pub claimed_until: DateTime<Utc>,
}

/// Who looks at an image, if somebody does and the time isn't over.
pub(crate) fn claim_of(row: &image::Model, now: DateTime<Utc>) -> Option<ClaimView> {
    let claim = ClaimView { claimed_by: row.claimed_by?, claimed_until: row.claimed_until? };
    (claim.claimed_until > now).then_some(claim)
}

/// Which part of the queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum QueueStatus {
    /// What waits for a decision.
    #[default]
    Pending,
    /// What was approved, the first decided first.
    Approved,
    /// What was rejected, the first decided first.
    Rejected,
}

/// By whom something in the queue is claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Claimed {
    /// By whoever asks.
    Me,
    /// By somebody else.
    Others,
    /// By nobody.
    Nobody,
}

/// Filters of the review queue.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct QueueFilter {
    /// `pending` (default), or what was `approved` or `rejected`.
    pub status: QueueStatus,
    /// Only appeals, or only what isn't one.
    pub appeal: Option<bool>,
    /// Only what is claimed so.
    pub claimed: Option<Claimed>,
    /// Only images of this person.
    pub uploader: Option<UserId>,
    /// Only what has waited, or was decided, since before this instant.
    #[serde(deserialize_with = "kernel::http::dated")]
    pub before: Option<DateTime<Utc>>,
}

/// The trash and the list of tags have no filters of their own.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NoFilter {}

/// The query of a restoration.
#[derive(Clone, Copy, Debug, Default, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct RestoreQuery {
    /// Whether it may come back beside another image of the same bytes.
    pub allow_duplicate: bool,
}
