//! What operations on many images take and answer.

use std::collections::HashSet;

use kernel::{
    http::given,
    ids::{ImageId, WorkspaceId},
    problem::Problem,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::{ImagePatch, MAX_DESCRIPTION, ReviewDecision, Verdict, is_code};
use crate::tags;

/// Images of one request, at most.
const MOST: usize = 500;

#[expect(clippy::ptr_arg, reason = "the validator hands on what the field is")]
pub(super) fn several(ids: &Vec<ImageId>) -> Result<(), ValidationError> {
    let distinct: HashSet<&ImageId> = ids.iter().collect();
    let refuse = |sentence: &'static str| Err(ValidationError::new("length").with_message(sentence.into()));
    match ids.len() {
        0 => refuse("It names no image."),
        n if n > MOST => refuse("It takes at most 500 images."),
        n if n > distinct.len() => refuse("It names an image twice."),
        _ => Ok(()),
    }
}

/// Images to be deleted.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImageSelection {
    /// 1 to 500 images, each once.
    #[validate(custom(function = several))]
    pub ids: Vec<ImageId>,
}

/// Images, and what is to be changed of each. Null empties.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkEdit {
    /// 1 to 500 images, each once.
    #[validate(custom(function = several))]
    pub ids: Vec<ImageId>,
    /// What is to be seen, at most 2,000 characters.
    #[expect(clippy::option_option, reason = "left out is not the same as null")]
    #[serde(default, deserialize_with = "given")]
    #[validate(length(max = MAX_DESCRIPTION))]
    pub description: Option<Option<String>>,
    /// At most 20 tags of 1 to 50 characters; kept in lower case and once each.
    #[expect(clippy::option_option, reason = "left out is not the same as null")]
    #[serde(default, deserialize_with = "given")]
    #[validate(custom(function = tags::valid))]
    pub tags: Option<Option<Vec<String>>>,
}

impl BulkEdit {
    /// The images, and what is done to each.
    pub(crate) fn parts(self) -> (Vec<ImageId>, ImagePatch) {
        (self.ids, ImagePatch { description: self.description, tags: self.tags })
    }
}

/// Images, and a decision about each.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkDecision {
    /// 1 to 500 images, each once.
    #[validate(custom(function = several))]
    pub ids: Vec<ImageId>,
    /// What was decided.
    pub decision: Verdict,
    /// Why, for programs, as in `bad_quality`. A rejection needs this or `reason`.
    #[validate(length(min = 1, max = 64), custom(function = is_code))]
    pub reason_code: Option<String>,
    /// Why, for people.
    #[validate(length(max = 2000))]
    pub reason: Option<String>,
}

impl BulkDecision {
    /// The images, and what is decided about each.
    pub(crate) fn parts(self) -> (Vec<ImageId>, ReviewDecision) {
        let Self { ids, decision, reason_code, reason } = self;
        (ids, ReviewDecision { decision, reason_code, reason })
    }
}

/// What came of one image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BulkOutcome {
    /// The image.
    pub id: ImageId,
    /// The status that its own route would have answered.
    pub status: u16,
    /// What went wrong, for programs, if something did.
    pub code: Option<String>,
    /// What went wrong, for people, if something did.
    pub detail: Option<String>,
}

impl BulkOutcome {
    pub(crate) fn of(id: ImageId, outcome: Result<u16, Problem>) -> Self {
        match outcome {
            Ok(status) => Self { id, status, code: None, detail: None },
            Err(problem) => Self::refused(id, &problem),
        }
    }

    pub(crate) fn refused(id: ImageId, problem: &Problem) -> Self {
        Self {
            id,
            status: problem.status().as_u16(),
            code: Some(problem.code().to_owned()),
            detail: Some(problem.detail().to_owned()),
        }
    }
}

/// What came of each image, in the order in which they were named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BulkResult {
    /// One for each.
    pub results: Vec<BulkOutcome>,
}

/// A tag, and how many of the images that the caller may see have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TagView {
    /// The tag.
    pub tag: String,
    /// How many.
    pub images: u64,
}

/// What is to become of tags.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TagChange {
    /// The workspace, by id or slug. May be left out by who belongs to exactly one.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub workspace: Option<kernel::authority::WorkspaceRef>,
    /// The tags, 1 to 20.
    #[validate(length(min = 1), custom(function = tags::valid))]
    pub from: Vec<String>,
    /// What they are called from now on; several become one. Null takes them off all images.
    #[validate(custom(function = tags::valid_one))]
    pub to: Option<String>,
}

/// What a change of tags came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TagsChanged {
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// How many images had one of the tags.
    pub images: u64,
}
