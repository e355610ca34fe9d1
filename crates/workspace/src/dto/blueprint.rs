//! Views of blueprints.

use policy::{Blueprint, BlueprintRole};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::Registration;

/// A role model to start a workspace with.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BlueprintView {
    /// Its name, for `POST /workspaces`.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// The name of the role that the workspace's owner gets.
    pub owner_role: String,
    /// The name of the role that people get who join without naming one.
    pub default_role: String,
    /// How people become members.
    pub registration: Registration,
    /// Its roles.
    pub roles: Vec<BlueprintRoleView>,
}

/// A role of a blueprint.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BlueprintRoleView {
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
}

impl From<&Blueprint> for BlueprintView {
    fn from(blueprint: &Blueprint) -> Self {
        Self {
            name: blueprint.name.clone(),
            title: blueprint.title.clone(),
            description: blueprint.description.clone(),
            owner_role: blueprint.owner_role.clone(),
            default_role: blueprint.default_role.clone(),
            registration: blueprint.registration.into(),
            roles: blueprint.roles.iter().map(BlueprintRoleView::from).collect(),
        }
    }
}

impl From<&BlueprintRole> for BlueprintRoleView {
    fn from(role: &BlueprintRole) -> Self {
        Self {
            name: role.name.clone(),
            title: role.title.clone(),
            description: role.description.clone(),
            permissions: role.permissions.to_value(),
            self_assignable: role.self_assignable,
            promotes_to: role.promotes_to.clone(),
            directory: role.directory.clone(),
            granted_by_plan: role.granted_by_plan,
        }
    }
}
