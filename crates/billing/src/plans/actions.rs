//! What is done to plans, as types, and how the guard loads what it is done to.

use kernel::{
    grant::Relation,
    guard::{Found, InWorkspace, Lookup, Place, Sight, Target},
    http::etag_of,
    problem::Problem,
};

use super::{PlanId, store, store::PlanRow};
use crate::{Schema, permissions::CAN_MANAGE_PLANS};

kernel::actions! {
    module Schema;
    /// Make a plan of a workspace.
    CreatePlan: CAN_MANAGE_PLANS, on InWorkspace;
    /// Make a plan of the platform.
    PublishPlan: CAN_MANAGE_PLANS, on ThePlatform;
    /// Publish another version of a plan.
    EditPlan: CAN_MANAGE_PLANS, on PlanTarget;
    /// Take a plan off sale.
    RetirePlan: CAN_MANAGE_PLANS, on PlanTarget;
}

/// The platform itself, which lies in no workspace.
#[derive(Clone, Copy, Debug)]
pub struct ThePlatform;

impl Target for ThePlatform {
    async fn find(_: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        Ok(Some(Found::at(Self, Place::Nowhere(Relation::Other))))
    }

    fn visible(&self, _: &Sight<'_>) -> bool {
        true
    }
}

/// The plan that the path names by `{id}`: a workspace's, or the platform's.
#[derive(Debug)]
pub struct PlanTarget {
    row: PlanRow,
}

impl PlanTarget {
    /// The plan as the guard loaded it.
    pub(crate) fn plan(&self) -> &PlanRow {
        &self.row
    }
}

impl Target for PlanTarget {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let id: PlanId = lookup.key("id")?;
        let Some(row) = store::find(&lookup.db(), id).await? else { return Ok(None) };
        let place = match row.workspace_id {
            Some(workspace) => Place::In(vec![(workspace, Relation::Other)]),
            None => Place::Nowhere(Relation::Other),
        };
        Ok(Some(Found::at(Self { row }, place)))
    }

    fn visible(&self, _: &Sight<'_>) -> bool {
        // Prices are public; who belongs to the seller may know who may not change them.
        true
    }

    fn etag(&self) -> Option<String> {
        Some(etag_of(self.row.version))
    }
}
