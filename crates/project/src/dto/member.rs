//! The members of a project, on their way in and out.

use chrono::{DateTime, Utc};
use kernel::ids::UserId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::{entity::members, ports::PersonName};

/// Someone who takes part in a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProjectMember)]
pub struct MemberView {
    /// Who.
    pub user_id: UserId,
    /// What they are called; null where they never said, or their account is gone.
    pub username: Option<String>,
    /// Their first name.
    pub first_name: Option<String>,
    /// Their last name.
    pub last_name: Option<String>,
    /// Whether they own the project.
    pub is_owner: bool,
    /// Whether they take part now.
    pub is_active: bool,
    /// When they were added.
    pub added_at: DateTime<Utc>,
    /// Who added them; null if the program did.
    pub added_by: Option<UserId>,
    /// Counts the changes of their part; the entity tag.
    pub version: i32,
}

impl MemberView {
    /// The part `row` in a project of `owner`, with the person's name.
    pub(crate) fn of(row: members::Model, owner: UserId, name: Option<&PersonName>) -> Self {
        let PersonName { username, first_name, last_name } = name.cloned().unwrap_or_default();
        Self {
            user_id: row.user_id,
            username,
            first_name,
            last_name,
            is_owner: row.user_id == owner,
            is_active: row.is_active,
            added_at: row.added_at,
            added_by: row.added_by,
            version: row.version,
        }
    }
}

/// Someone to add to a project.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewProjectMember)]
pub struct NewMember {
    /// An active member of the workspace.
    pub user_id: UserId,
}

/// What to change of someone's part in a project.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProjectMemberPatch)]
pub struct MemberPatch {
    /// Whether they take part.
    #[serde(default, deserialize_with = "kernel::http::not_null")]
    #[schema(nullable = false)]
    pub is_active: Option<bool>,
}

/// Which members to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MemberFilter {
    /// Only those who take part now (true), or who don't (false).
    pub is_active: Option<bool>,
}
