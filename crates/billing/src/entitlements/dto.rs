//! Entitlements, on their way out.

use std::collections::BTreeMap;

use kernel::ids::WorkspaceId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::BoundSource;
use crate::subscriptions::PlanRef;

/// How much of something there may be, and is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EntitledLimit {
    /// How much; null where nothing bounds it.
    pub limit: Option<i64>,
    /// Who says so; null where nothing bounds it.
    pub source: Option<BoundSource>,
    /// How much is used: by the member; by all, where the workspace's plan bounds it.
    pub used: i64,
}

/// What the caller may use in a workspace.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Entitlements)]
pub struct EntitlementsView {
    /// Where.
    pub workspace_id: WorkspaceId,
    /// What the caller subscribed to and is in force.
    pub plan: Option<PlanRef>,
    /// What the workspace subscribed to and is in force.
    pub workspace_plan: Option<PlanRef>,
    /// By key: `max_projects`, `max_members`, `storage_bytes`. The bound that is nearest to being reached.
    pub limits: BTreeMap<String, EntitledLimit>,
    /// What either plan has.
    pub flags: BTreeMap<String, bool>,
    /// What they bring, for people.
    pub benefits: Vec<String>,
}
