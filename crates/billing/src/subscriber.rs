//! What this domain does when a member goes.

use std::sync::Arc;

use async_trait::async_trait;
use kernel::{
    ids::UserId,
    outbox::{Event, Subscriber},
};
use sea_orm::DbErr;

use crate::{problems::BillingError, subscriptions::Subscriptions};
use kernel::failure::Failure;

/// Heard: somebody is a member no more. Facts: `user_id`.
const MEMBER_REMOVED: &str = "workspace.member_removed";

/// Hears of members: what they subscribed to ends with its period when they are gone.
#[derive(Clone, Debug)]
pub struct Departures(Arc<Subscriptions>);

impl Departures {
    /// A subscriber for the relay.
    pub fn new(subscriptions: Arc<Subscriptions>) -> Self {
        Self(subscriptions)
    }
}

#[async_trait]
impl Subscriber for Departures {
    fn name(&self) -> &'static str {
        "billing-departures"
    }

    async fn hear(&self, event: &Event) -> Result<(), DbErr> {
        if event.action != MEMBER_REMOVED {
            return Ok(());
        }
        let user = event.changes.get("user_id").and_then(|id| id.as_str()?.parse().ok()).map(UserId);
        let (Some(workspace), Some(user)) = (event.workspace_id, user) else { return Ok(()) };
        match self.0.left(workspace, user).await {
            Ok(()) => Ok(()),
            Err(BillingError::Failure(Failure::Db(error))) => Err(error),
            Err(refused) => Err(DbErr::Custom(refused.to_string())),
        }
    }
}
