//! What this domain does when an account comes, is complete or goes, when a member gets a role, and when a subscription
//! gives or takes one.

use std::sync::Arc;

use async_trait::async_trait;
use kernel::{
    ids::{RoleId, UserId, WorkspaceId},
    outbox::{Event, Subscriber},
};
use sea_orm::DbErr;

use crate::{
    dto::InvitationId,
    enrolling::{Enrolling, PlanGrant, voucher_in},
    events,
};

/// Hears of accounts: who signed up into a workspace becomes its member, who is onboarded is promoted, and who is gone
/// belongs nowhere. Hears of subscriptions: they give roles.
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
                if let Some(invitation) = fact(event, "invitation_id").map(InvitationId) {
                    return self.0.accept_heard(event, user, workspace, invitation).await;
                }
                self.0.enrol(event, user, workspace, fact(event, "role_id").map(RoleId)).await
            }
            events::ONBOARDING_COMPLETED => self.0.promote(event, user).await,
            events::MEMBER_REMOVED => {
                let member = fact(event, "user_id").map(UserId);
                let (Some(workspace), Some(user)) = (event.workspace_id, member) else { return Ok(()) };
                self.0.settle_plan_role(workspace, user).await
            }
            events::MEMBER_ADDED | events::MEMBER_ROLE_CHANGED => {
                let member = fact(event, "user_id").map(UserId);
                let (Some(workspace), Some(user)) = (event.workspace_id, member) else { return Ok(()) };
                if event.action == events::MEMBER_ADDED {
                    self.0.settle_plan_role(workspace, user).await?;
                }
                self.0.settle_withheld(workspace).await?;
                self.0.promote_newcomer(event, user, workspace, former_role(event)).await
            }
            // Whoever answers for a plan may cover its role again.
            events::MEMBER_ACTIVATED | events::MEMBER_UPDATED | events::OWNER_CHANGED | events::ROLE_UPDATED => {
                let Some(workspace) = event.workspace_id else { return Ok(()) };
                self.0.settle_withheld(workspace).await
            }
            events::PLAN_CHANGED => {
                let role = fact(event, "gives_role").map(RoleId);
                let (Some(workspace), Some(role)) = (event.workspace_id, role) else { return Ok(()) };
                if let Some(voucher) = voucher_in(event) {
                    self.0.take_voucher(workspace, event.resource_id, role, voucher).await?;
                }
                self.0.settle_withheld(workspace).await
            }
            events::ACCOUNT_DELETED => self.0.forget(user).await,
            told if told.starts_with(events::SUBSCRIPTION) => match (granted(event), event.workspace_id) {
                (Some(grant), _) => self.0.take_plan_grant(&grant).await,
                (None, Some(workspace)) => {
                    let number = |fact: &str| event.changes.get(fact).and_then(serde_json::Value::as_i64);
                    let Some(sequence) = number("sequence") else { return Ok(()) };
                    self.0.take_seats(workspace, event.resource_id, sequence, number("max_members")).await
                }
                (None, None) => Ok(()),
            },
            _ => Ok(()),
        }
    }
}

/// What a subscription gives a member, as it is told.
fn granted(event: &Event) -> Option<PlanGrant> {
    Some(PlanGrant {
        workspace: event.workspace_id?,
        user: UserId(fact(event, "user_id")?),
        subscription: event.resource_id,
        sequence: event.changes.get("sequence")?.as_i64()?,
        plan: fact(event, "plan_id")?,
        role: fact(event, "gives_role").map(RoleId),
        voucher: voucher_in(event),
    })
}

/// Which role someone had before it changed.
fn former_role(event: &Event) -> Option<RoleId> {
    event.changes.get("role_id")?.get("from")?.as_str()?.parse().ok()
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
