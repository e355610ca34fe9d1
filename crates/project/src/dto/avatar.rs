//! A project's face: an emoji on a coloured ground.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use validator::Validate;

use super::checks::{is_color, is_emoji};
use crate::entity::projects;

/// An emoji on a coloured ground.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProjectAvatar)]
pub struct Avatar {
    /// One emoji.
    #[validate(custom(function = is_emoji))]
    #[schema(min_length = 1, max_length = 16, examples("🚀"))]
    pub emoji: String,
    /// The ground's colour, `#rrggbb`.
    #[validate(custom(function = is_color))]
    #[schema(pattern = "^#[0-9A-Fa-f]{6}$", examples("#ff8800"))]
    pub color: String,
}

impl Avatar {
    /// What `row` has.
    pub(crate) fn of(row: &projects::Model) -> Option<Self> {
        Some(Self { emoji: row.avatar_emoji.clone()?, color: row.avatar_color.clone()? })
    }

    /// As it is kept: the colour in lower case.
    pub(crate) fn normal(self) -> Self {
        Self { color: self.color.to_ascii_lowercase(), ..self }
    }

    /// As events tell it.
    pub(crate) fn to_json(&self) -> Value {
        json!({ "emoji": self.emoji, "color": self.color })
    }
}
