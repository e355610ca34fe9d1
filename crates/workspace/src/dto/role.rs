//! Bodies and views of roles.

use chrono::{DateTime, Utc};
use kernel::{
    authority::WorkspaceRef,
    http::{given, not_null},
    ids::{RoleId, WorkspaceId},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::text::{is_name, is_title};

/// A role's fields.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleBody {
    /// Its name, unique in the workspace.
    #[validate(custom(function = "is_name"))]
    pub name: String,
    /// What people call it; its name when left out.
    #[validate(length(max = 100), custom(function = "is_title"))]
    pub title: Option<String>,
    /// What it is for.
    #[serde(default)]
    #[validate(length(max = 1000))]
    pub description: String,
    /// What it grants: permissions with `true`, `"assigned"`, `"own"` or `false`, limits with a number, `"*": true` for all.
    #[schema(value_type = Object, example = json!({"can_view_projects": true, "max_projects": 3}))]
    pub permissions: Value,
    /// Whether people may choose it themselves when they join.
    #[serde(default)]
    pub self_assignable: bool,
    /// The name of the role that it is exchanged for when its holder's profile is complete and phone confirmed.
    #[validate(custom(function = "is_name"))]
    pub promotes_to: Option<String>,
    /// The directory in which its holders are listed.
    #[validate(custom(function = "is_name"))]
    pub directory: Option<String>,
    /// Whether a subscription's plan may grant it.
    #[serde(default)]
    pub granted_by_plan: bool,
}

/// A role to be, with the workspace it is to be in.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRole {
    /// The workspace; may be left out by someone who belongs to exactly one.
    pub workspace: Option<WorkspaceRef>,
    /// Its name, unique in the workspace.
    #[validate(custom(function = "is_name"))]
    pub name: String,
    /// What people call it; its name when left out.
    #[validate(length(max = 100), custom(function = "is_title"))]
    pub title: Option<String>,
    /// What it is for.
    #[serde(default)]
    #[validate(length(max = 1000))]
    pub description: String,
    /// What it grants: permissions with `true`, `"assigned"`, `"own"` or `false`, limits with a number, `"*": true` for all.
    #[schema(value_type = Object, example = json!({"can_view_projects": true, "max_projects": 3}))]
    pub permissions: Value,
    /// Whether people may choose it themselves when they join.
    #[serde(default)]
    pub self_assignable: bool,
    /// The name of the role that it is exchanged for when its holder's profile is complete and phone confirmed.
    #[validate(custom(function = "is_name"))]
    pub promotes_to: Option<String>,
    /// The directory in which its holders are listed.
    #[validate(custom(function = "is_name"))]
    pub directory: Option<String>,
    /// Whether a subscription's plan may grant it.
    #[serde(default)]
    pub granted_by_plan: bool,
}

impl NewRole {
    /// The role without the workspace.
    pub(crate) fn into_body(self) -> RoleBody {
        RoleBody {
            name: self.name,
            title: self.title,
            description: self.description,
            permissions: self.permissions,
            self_assignable: self.self_assignable,
            promotes_to: self.promotes_to,
            directory: self.directory,
            granted_by_plan: self.granted_by_plan,
        }
    }
}

/// The fields of a role to change (RFC 7396: `permissions` is merged key by key, and null takes a key out).
#[expect(clippy::option_option, reason = "absent, null and a value are three things (RFC 7396)")]
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub(crate) struct RolePatch {
    /// Its name, unique in the workspace.
    #[serde(default, deserialize_with = "not_null")]
    #[validate(custom(function = "is_name"))]
    #[schema(nullable = false)]
    pub name: Option<String>,
    /// What people call it.
    #[serde(default, deserialize_with = "not_null")]
    #[validate(length(max = 100), custom(function = "is_title"))]
    #[schema(nullable = false)]
    pub title: Option<String>,
    /// What it is for.
    #[serde(default, deserialize_with = "not_null")]
    #[validate(length(max = 1000))]
    #[schema(nullable = false)]
    pub description: Option<String>,
    /// Keys to set, and keys to take out with null.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, value_type = Option<Object>, example = json!({"can_edit_projects": "own", "max_projects": null}))]
    pub permissions: Option<Value>,
    /// Whether people may choose it themselves when they join.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub self_assignable: Option<bool>,
    /// The name of the role that it is exchanged for; null for none.
    #[serde(default, deserialize_with = "given")]
    #[validate(custom(function = "is_name"))]
    #[schema(value_type = Option<String>)]
    pub promotes_to: Option<Option<String>>,
    /// The directory in which its holders are listed; null for none.
    #[serde(default, deserialize_with = "given")]
    #[validate(custom(function = "is_name"))]
    #[schema(value_type = Option<String>)]
    pub directory: Option<Option<String>>,
    /// Whether a subscription's plan may grant it.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub granted_by_plan: Option<bool>,
}

/// Lists of roles have no parameters of their own.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct RoleFilter {}

/// Who is to hold a role that goes.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Reassignment {
    /// The role, by its id or name, that those get who hold the one to delete.
    pub reassign_to: Option<String>,
}

/// A role.
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each a field of the API")]
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RoleView {
    /// Its id.
    pub id: RoleId,
    /// Its workspace.
    pub workspace_id: WorkspaceId,
    /// Its name.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// What it grants.
    #[schema(value_type = Object)]
    pub permissions: Value,
    /// Whether people may choose it themselves when they join.
    pub self_assignable: bool,
    /// The name of the role that it is exchanged for when its holder's profile is complete and phone confirmed.
    pub promotes_to: Option<String>,
    /// The directory in which its holders are listed.
    pub directory: Option<String>,
    /// Whether a subscription's plan may grant it.
    pub granted_by_plan: bool,
    /// Whether it counts as an administrator's, of which a workspace always keeps one.
    pub is_administrator: bool,
    /// Whether it is the one that people get who join without naming one.
    pub is_default: bool,
    /// Its version; each change makes a new one.
    pub version: i32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When this version was made.
    pub updated_at: DateTime<Utc>,
}
