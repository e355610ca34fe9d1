//! Bodies and views of workspaces.

use chrono::{DateTime, Utc};
use kernel::{
    http::{given, not_null},
    ids::{UserId, WorkspaceId},
};
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

use super::text::{fault, is_currency, is_name, is_slug, is_title};
use crate::store::workspaces::WorkspaceRow;

/// How people become members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// Anybody may join.
    #[sea_orm(string_value = "open")]
    Open,
    /// By invitation.
    #[sea_orm(string_value = "invite")]
    Invite,
    /// Not at all.
    #[sea_orm(string_value = "closed")]
    Closed,
}

impl From<policy::Registration> for Registration {
    fn from(registration: policy::Registration) -> Self {
        match registration {
            policy::Registration::Open => Self::Open,
            policy::Registration::Invite => Self::Invite,
            policy::Registration::Closed => Self::Closed,
        }
    }
}

impl Registration {
    /// The word for it in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Invite => "invite",
            Self::Closed => "closed",
        }
    }
}

/// A small picture that needs no upload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = WorkspaceAvatar)]
pub(crate) struct Avatar {
    /// One emoji.
    #[validate(custom(function = "is_emoji"))]
    #[schema(example = "🦊")]
    pub emoji: String,
    /// Its background, `#rrggbb`.
    #[validate(custom(function = "is_color"))]
    #[schema(example = "#ffcc00", pattern = "^#[0-9a-fA-F]{6}$")]
    pub color: String,
}

impl Avatar {
    /// The emoji and the colour as they are stored: colours in lower case.
    pub(crate) fn stored(self) -> (String, String) {
        (self.emoji, self.color.to_ascii_lowercase())
    }
}

/// An emoji may be a sequence: a family is seven code points, a flag of England too.
fn is_emoji(text: &str) -> Result<(), ValidationError> {
    let stranger = |c: char| c.is_alphabetic() || c.is_control() || c.is_whitespace();
    let count = text.chars().count();
    if (1..=12).contains(&count) && !text.is_ascii() && !text.chars().any(stranger) {
        return Ok(());
    }
    Err(fault("invalid_emoji", "It takes one emoji."))
}

fn is_color(text: &str) -> Result<(), ValidationError> {
    let digits = text.strip_prefix('#').unwrap_or_default();
    if digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(());
    }
    Err(fault("invalid_color", "It takes a colour as `#rrggbb`."))
}

/// A workspace to be.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewWorkspace {
    /// What people call it.
    #[validate(length(max = 100), custom(function = "is_title"))]
    pub name: String,
    /// Its name in addresses, unique; made from the name when left out.
    #[validate(custom(function = "is_slug"))]
    pub slug: Option<String>,
    /// What it is for.
    #[validate(length(max = 2000))]
    pub description: Option<String>,
    /// The currency of its hour rates (ISO 4217); EUR when left out.
    #[validate(custom(function = "is_currency"))]
    pub currency: Option<String>,
    /// The role model it starts with; `lobby` when left out.
    pub blueprint: Option<String>,
    /// How people become members; as the blueprint says when left out.
    pub registration: Option<Registration>,
    /// Its picture.
    #[validate(nested)]
    pub avatar: Option<Avatar>,
}

/// All editable fields of a workspace. What has no neutral value keeps the one it has when left out.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub(crate) struct WorkspaceBody {
    /// What people call it.
    #[validate(length(max = 100), custom(function = "is_title"))]
    pub name: String,
    /// Its name in addresses; kept when left out.
    #[validate(custom(function = "is_slug"))]
    pub slug: Option<String>,
    /// What it is for; emptied when left out.
    #[serde(default)]
    #[validate(length(max = 2000))]
    pub description: String,
    /// The currency of its hour rates (ISO 4217); kept when left out. Can't change while a member has an hour rate.
    #[validate(custom(function = "is_currency"))]
    pub currency: Option<String>,
    /// How people become members; kept when left out.
    pub registration: Option<Registration>,
    /// The name of the role that people get who join without naming one; kept when left out.
    #[validate(custom(function = "is_name"))]
    pub default_role: Option<String>,
    /// Its picture; removed when left out.
    #[validate(nested)]
    pub avatar: Option<Avatar>,
}

/// The fields of a workspace to change.
#[expect(clippy::option_option, reason = "absent, null and a value are three things (RFC 7396)")]
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub(crate) struct WorkspacePatch {
    /// What people call it.
    #[serde(default, deserialize_with = "not_null")]
    #[validate(length(max = 100), custom(function = "is_title"))]
    #[schema(nullable = false)]
    pub name: Option<String>,
    /// Its name in addresses.
    #[serde(default, deserialize_with = "not_null")]
    #[validate(custom(function = "is_slug"))]
    #[schema(nullable = false)]
    pub slug: Option<String>,
    /// What it is for.
    #[serde(default, deserialize_with = "not_null")]
    #[validate(length(max = 2000))]
    #[schema(nullable = false)]
    pub description: Option<String>,
    /// The currency of its hour rates (ISO 4217). Can't change while a member has an hour rate.
    #[serde(default, deserialize_with = "not_null")]
    #[validate(custom(function = "is_currency"))]
    #[schema(nullable = false)]
    pub currency: Option<String>,
    /// How people become members.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub registration: Option<Registration>,
    /// The name of the role that people get who join without naming one.
    #[serde(default, deserialize_with = "not_null")]
    #[validate(custom(function = "is_name"))]
    #[schema(nullable = false)]
    pub default_role: Option<String>,
    /// Its picture; null removes it.
    #[serde(default, deserialize_with = "given")]
    #[validate(nested)]
    #[schema(value_type = Option<Avatar>)]
    pub avatar: Option<Option<Avatar>>,
}

impl From<WorkspaceBody> for WorkspacePatch {
    fn from(body: WorkspaceBody) -> Self {
        Self {
            name: Some(body.name),
            slug: body.slug,
            description: Some(body.description),
            currency: body.currency,
            registration: body.registration,
            default_role: body.default_role,
            avatar: Some(body.avatar),
        }
    }
}

/// The list of one's workspaces has no parameters of its own.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct MineFilter {}

/// A workspace.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WorkspaceView {
    /// Its id.
    pub id: WorkspaceId,
    /// Its name in addresses.
    pub slug: String,
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The currency of its hour rates.
    pub currency: String,
    /// How people become members.
    pub registration: Registration,
    /// The role model it was made from.
    pub blueprint: String,
    /// Its picture.
    pub avatar: Option<Avatar>,
    /// Who owns it.
    pub owner_id: UserId,
    /// The name of the role that it keeps for its owner.
    pub owner_role: String,
    /// The name of the role that people get who join without naming one.
    pub default_role: String,
    /// The name of the caller's own role in it; null for someone who is no member.
    pub my_role: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When its settings last changed.
    pub updated_at: DateTime<Utc>,
}

impl From<WorkspaceRow> for WorkspaceView {
    fn from(row: WorkspaceRow) -> Self {
        let avatar = row.avatar();
        Self {
            id: row.id,
            slug: row.slug,
            name: row.name,
            description: row.description,
            currency: row.currency,
            registration: row.registration,
            blueprint: row.blueprint,
            avatar,
            owner_id: row.owner_id,
            owner_role: row.owner_role,
            default_role: row.default_role,
            my_role: row.my_role,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emoji_are_pictures_not_words() {
        for emoji in ["🦊", "👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "❤️"] {
            assert!(is_emoji(emoji).is_ok(), "{emoji}");
        }
        for text in ["", "a", ":)", "1", "ä", "🦊 ", "🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊"] {
            assert!(is_emoji(text).is_err(), "{text}");
        }
    }

    #[test]
    fn colors_have_six_digits() {
        assert!(is_color("#FFcc00").is_ok());
        for text in ["", "#fff", "ffcc00", "#ffcc0g", "#ffcc000", "#äää"] {
            assert!(is_color(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_patch_tells_absent_from_null() {
        let patch: WorkspacePatch = serde_json::from_str("{}").unwrap();
        assert_eq!(patch.avatar, None);
        let patch: WorkspacePatch = serde_json::from_str(r#"{"avatar": null}"#).unwrap();
        assert_eq!(patch.avatar, Some(None));
        let patch: WorkspacePatch =
            serde_json::from_str(r##"{"avatar": {"emoji": "x", "color": "#000000"}}"##).unwrap();
        assert!(patch.validate().is_err());
    }
}
