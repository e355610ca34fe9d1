//! What this domain does when an account comes or goes.

use std::sync::Arc;

use async_trait::async_trait;
use kernel::{
    ids::{RoleId, UserId, WorkspaceId},
    outbox::{Event, Subscriber},
};
use sea_orm::DbErr;

use crate::{enrolling::Enrolling, events};

/// Hears of accounts: who signed up into a workspace becomes its member, and who is gone belongs nowhere.
#[derive(Clone, Debug)]
pub struct Memberships(Arc<Enrolling>);

impl Memberships {
    /// A subscriber for the relay.
    pub fn new(enrolling: Arc<Enrolling>) -> Self {
        Self(enrolling)
    }
}

#[async_trait]
impl Subscriber for Memberships {
    fn name(&self) -> &'static str {
        "workspace-memberships"
    }

    async fn hear(&self, event: &Event) -> Result<(), DbErr> {
        let user = UserId(event.resource_id);
        match event.action.as_str() {
            events::ACCOUNT_SIGNED_UP | events::ACCOUNT_CREATED => {
                let Some(workspace) = fact(event, "workspace_id").map(WorkspaceId) else { return Ok(()) };
                let role = fact(event, "role_id").map(RoleId);
                self.0.enrol(user, workspace, role, event.actor_id).await
            }
            events::ACCOUNT_DELETED => self.0.forget(user).await,
            _ => Ok(()),
        }
    }
}

fn fact(event: &Event, name: &str) -> Option<uuid::Uuid> {
    event.changes.get(name)?.as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn facts_are_read_as_ids_or_not_at_all() {
        let id = Uuid::from_u128(7);
        let event = Event::new(events::ACCOUNT_SIGNED_UP, "user", id, DateTime::UNIX_EPOCH);
        let event = event.fact("workspace_id", id.to_string()).fact("role_id", "admin");
        assert_eq!(fact(&event, "workspace_id"), Some(id));
        assert_eq!(fact(&event, "role_id"), None);
        assert_eq!(fact(&event, "other"), None);
    }
}
