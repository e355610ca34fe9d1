//! What is done to subscriptions, as types, and how the guard loads what it is done to.

use kernel::{
    grant::{Permission, Relation},
    guard::{Found, InWorkspace, Listing, Lookup, Sight, Target, Tenant},
    http::etag_of,
    ids::WorkspaceId,
    problem::Problem,
};

use super::{
    SubscriptionFilter, SubscriptionId,
    store::{self, Subscription},
};
use crate::{
    Schema,
    permissions::{CAN_MANAGE_SUBSCRIPTIONS, CAN_VIEW_SUBSCRIPTIONS},
};

kernel::actions! {
    module Schema;
    /// Subscribe, for oneself or for the workspace.
    Subscribe: CAN_MANAGE_SUBSCRIPTIONS, on InWorkspace;
    /// See one subscription.
    ViewSubscription: CAN_VIEW_SUBSCRIPTIONS, on SubscriptionTarget;
    /// Ask what a change of plan would cost.
    QuoteSubscription: CAN_MANAGE_SUBSCRIPTIONS, on SubscriptionTarget;
    /// Change the plan.
    ChangeSubscription: CAN_MANAGE_SUBSCRIPTIONS, on SubscriptionTarget;
    /// End it.
    CancelSubscription: CAN_MANAGE_SUBSCRIPTIONS, on SubscriptionTarget;
    /// Move the time of a workspace's billing.
    MoveTestClock: CAN_MANAGE_SUBSCRIPTIONS, on InWorkspace;
}

/// The list of subscriptions.
#[derive(Debug)]
pub struct SubscriptionList;

impl Listing for SubscriptionList {
    type Module = Schema;
    type Filter = SubscriptionFilter;
    const PERMISSION: &'static Permission = &CAN_VIEW_SUBSCRIPTIONS;
    const SORTS: &'static [&'static str] = &["-created_at"];
}

/// The subscription that the path names by `{id}`.
#[derive(Debug)]
pub struct SubscriptionTarget {
    row: Subscription,
}

impl SubscriptionTarget {
    /// The subscription as the guard loaded it.
    pub(crate) fn subscription(&self) -> &Subscription {
        &self.row
    }
}

impl Target for SubscriptionTarget {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let id: SubscriptionId = lookup.key("id")?;
        let Some(row) = store::find(&lookup.db(), id).await.map_err(Problem::from)? else { return Ok(None) };
        let relation = Relation::of(row.user_id == Some(lookup.caller().user), false);
        let workspace = row.workspace_id;
        Ok(Some(Found::in_workspace(Self { row }, workspace, relation)))
    }

    fn visible(&self, sight: &Sight<'_>) -> bool {
        sight.holds(&CAN_VIEW_SUBSCRIPTIONS)
    }

    fn etag(&self) -> Option<String> {
        Some(etag_of(self.row.version()))
    }
}

impl Tenant for SubscriptionTarget {
    fn workspace(&self) -> WorkspaceId {
        self.row.workspace_id
    }
}
