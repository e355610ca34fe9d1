//! Projects, on their way in and out.

use chrono::{DateTime, Utc};
use kernel::{
    authority::WorkspaceRef,
    ids::{ProjectId, UserId, WorkspaceId},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    avatar::Avatar,
    checks::{is_key, is_not_blank},
};
use crate::entity::projects;

/// A project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Project)]
pub struct ProjectView {
    /// Its identity.
    pub id: ProjectId,
    /// The workspace it lies in.
    pub workspace_id: WorkspaceId,
    /// Its short name, unique in the workspace: 2–10 upper-case letters and digits.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What it is about; empty if nobody said.
    pub description: String,
    /// Who owns it.
    pub owner_id: UserId,
    /// Whether those who see projects see it without taking part.
    pub is_public: bool,
    /// Whether its work is billed.
    pub is_billable: bool,
    /// Whether it takes changes.
    pub is_active: bool,
    /// Its face.
    pub avatar: Option<Avatar>,
    /// Counts its changes; the entity tag.
    pub version: i32,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl From<projects::Model> for ProjectView {
    fn from(row: projects::Model) -> Self {
        let avatar = Avatar::of(&row);
        Self {
            id: row.id,
            workspace_id: row.workspace_id,
            key: row.key,
            name: row.name,
            description: row.description,
            owner_id: row.owner_id,
            is_public: row.is_public,
            is_billable: row.is_billable,
            is_active: row.is_active,
            avatar,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// A project to create.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProject {
    /// Where; may be left out by someone who belongs to exactly one workspace.
    pub workspace: Option<WorkspaceRef>,
    /// Its key; made from the name when left out.
    #[validate(custom(function = is_key))]
    #[schema(pattern = "^[A-Z][A-Z0-9]{1,9}$", examples("WR"))]
    pub key: Option<String>,
    /// Its name, 1–120 characters.
    #[validate(length(max = 120), custom(function = is_not_blank))]
    #[schema(min_length = 1, max_length = 120, examples("Website redesign"))]
    pub name: String,
    /// What it is about, at most 10,000 characters.
    #[serde(default)]
    #[validate(length(max = 10_000))]
    #[schema(max_length = 10_000)]
    pub description: String,
    /// Who is to own it, an active member of the workspace; the caller when left out. Naming someone else takes
    /// `can_edit_projects` for all projects.
    pub owner_id: Option<UserId>,
    /// Whether those who see projects see it without taking part.
    #[serde(default)]
    pub is_public: bool,
    /// Whether its work is billed.
    #[serde(default)]
    pub is_billable: bool,
    /// Its face.
    #[validate(nested)]
    pub avatar: Option<Avatar>,
}

/// What a project is to be from now on. What is left out becomes empty or false; only the key stays.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectContent {
    /// Its key; kept when left out.
    #[validate(custom(function = is_key))]
    #[schema(pattern = "^[A-Z][A-Z0-9]{1,9}$")]
    pub key: Option<String>,
    /// Its name, 1–120 characters.
    #[validate(length(max = 120), custom(function = is_not_blank))]
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// What it is about, at most 10,000 characters.
    #[serde(default)]
    #[validate(length(max = 10_000))]
    #[schema(max_length = 10_000)]
    pub description: String,
    /// Whether those who see projects see it without taking part.
    #[serde(default)]
    pub is_public: bool,
    /// Whether its work is billed.
    #[serde(default)]
    pub is_billable: bool,
    /// Its face.
    #[validate(nested)]
    pub avatar: Option<Avatar>,
}

/// The fields to change; null empties the description and takes the avatar away.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectPatch {
    /// Its key.
    #[serde(default, deserialize_with = "kernel::http::not_null")]
    #[validate(custom(function = is_key))]
    #[schema(nullable = false, pattern = "^[A-Z][A-Z0-9]{1,9}$")]
    pub key: Option<String>,
    /// Its name, 1–120 characters.
    #[serde(default, deserialize_with = "kernel::http::not_null")]
    #[validate(length(max = 120), custom(function = is_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 120)]
    pub name: Option<String>,
    /// What it is about, at most 10,000 characters.
    #[serde(default, deserialize_with = "kernel::http::given")]
    #[validate(length(max = 10_000))]
    #[schema(value_type = Option<String>, max_length = 10_000)]
    pub description: Option<Option<String>>,
    /// Whether those who see projects see it without taking part.
    #[serde(default, deserialize_with = "kernel::http::not_null")]
    #[schema(nullable = false)]
    pub is_public: Option<bool>,
    /// Whether its work is billed.
    #[serde(default, deserialize_with = "kernel::http::not_null")]
    #[schema(nullable = false)]
    pub is_billable: Option<bool>,
    /// Its face.
    #[serde(default, deserialize_with = "kernel::http::given")]
    #[validate(nested)]
    #[schema(value_type = Option<Avatar>)]
    pub avatar: Option<Option<Avatar>>,
}

/// To whom a project is handed over.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewProjectOwner)]
pub struct NewOwner {
    /// An active member of the workspace.
    pub user_id: UserId,
}
