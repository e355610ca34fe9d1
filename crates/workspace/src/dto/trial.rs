//! Trials of changes to roles, the versions that roles have had, and bringing one back.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kernel::{grant::Scope, ids::UserId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;

use crate::{ports::PersonName, store::role_versions::VersionRow};

/// The document to try.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = RoleSimulation)]
pub(crate) struct Simulation {
    /// What the role would grant, whole: the same as in `PUT /roles/{id}`.
    #[schema(value_type = Object, example = json!({"can_view_projects": true, "can_edit_projects": "own"}))]
    pub permissions: Value,
}

/// What the change would do.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RoleSimulationResult)]
pub(crate) struct SimulationView {
    /// The role's name.
    pub role: String,
    /// How many members hold it now; those who are suspended hold nothing, and are not counted.
    pub members: u64,
    /// Every permission whose grant would be another.
    pub changes: Vec<ChangeView>,
    /// Every limit that would be another.
    pub limits: Vec<LimitChangeView>,
    /// Of each kind of resource, how many there are to which somebody's access would change.
    pub resources: BTreeMap<&'static str, u64>,
    /// Who gains and who loses what: the first 500 members by their time in the workspace.
    pub affected: Vec<MemberChangeView>,
    /// Whether the role counts as an administrator's now.
    pub was_administrator: bool,
    /// Whether it would.
    pub is_administrator: bool,
    /// What the change would be refused for, if it were made now by the caller.
    pub refusal: Option<RefusalView>,
}

/// A permission whose grant would be another.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GrantChange)]
pub(crate) struct ChangeView {
    /// The permission's key.
    pub permission: &'static str,
    /// How far it is granted now.
    pub from: Scope,
    /// How far it would be.
    pub to: Scope,
    /// The kind of resource that it is about; null for none in particular.
    pub kind: Option<&'static str>,
    /// To how many of them somebody's access would change; null where there is no counting.
    pub resources: Option<u64>,
}

/// A limit that would be another.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LimitChange)]
pub(crate) struct LimitChangeView {
    /// The limit's key.
    pub limit: &'static str,
    /// The bound now; null for none.
    pub from: Option<i64>,
    /// The bound that would be; null for none.
    pub to: Option<i64>,
}

/// What a member would gain and lose.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MemberChange)]
pub(crate) struct MemberChangeView {
    /// Who.
    pub user_id: UserId,
    /// Their name; null if the account is gone.
    pub name: Option<PersonName>,
    /// The permissions that would reach further.
    pub gains: Vec<&'static str>,
    /// The permissions that would reach less far, or not at all.
    pub losses: Vec<&'static str>,
}

/// Why a change would be refused.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Refusal)]
pub(crate) struct RefusalView {
    /// The code of the problem that it would be answered with.
    pub code: String,
    /// Its sentence.
    pub detail: String,
}

/// The version to bring back.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = RoleRestoration)]
pub(crate) struct Restoration {
    /// A version of the role's history.
    #[validate(range(min = 1))]
    pub version: i32,
}

/// A version of a role.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RoleVersion)]
pub(crate) struct RoleVersionView {
    /// Its number.
    pub version: i32,
    /// Whether the role is this now.
    pub is_current: bool,
    /// The role's name then.
    pub name: String,
    /// What people called it.
    pub title: String,
    /// What it was for.
    pub description: String,
    /// What it granted.
    #[schema(value_type = Object)]
    pub permissions: Value,
    /// Whether people could choose it themselves.
    pub self_assignable: bool,
    /// The name of the role that it was exchanged for; null for none, and for one that is gone.
    pub promotes_to: Option<String>,
    /// The directory in which its holders were listed.
    pub directory: Option<String>,
    /// Whether a subscription's plan could grant it.
    pub granted_by_plan: bool,
    /// When this version was made.
    pub created_at: DateTime<Utc>,
    /// Who made it; null for a part of the program.
    pub created_by: Option<UserId>,
}

impl RoleVersionView {
    /// The view of a version of a role that is at version `current`.
    pub(crate) fn of(row: VersionRow, current: i32) -> Self {
        Self {
            version: row.version,
            is_current: row.version == current,
            name: row.name,
            title: row.title,
            description: row.description,
            permissions: row.permissions,
            self_assignable: row.self_assignable,
            promotes_to: row.promotes_to_name,
            directory: row.directory,
            granted_by_plan: row.granted_by_plan,
            created_at: row.updated_at,
            created_by: row.updated_by,
        }
    }
}
