//! Whether what a plan gives can be given: nobody is to pay for a role that they won't get.

use kernel::ids::WorkspaceId;
use sea_orm::ConnectionTrait;

use super::Subscriptions;
use crate::{
    plans::{self, PlanId, store::PlanRow},
    problems::BillingError,
};

/// The answer about a version of a plan, as of a moment ago.
#[derive(Clone, Copy, Debug)]
pub(super) struct Giving {
    of: Option<(PlanId, i32)>,
    is_vouched: bool,
}

impl Giving {
    /// Refuses a plan whose role can't be given.
    pub(super) fn require(self, plan: &PlanRow) -> Result<(), BillingError> {
        if plan.role_id.is_none() {
            return Ok(());
        }
        if self.of != Some((plan.id, plan.version)) {
            return Err(BillingError::PlanTurned);
        }
        if self.is_vouched { Ok(()) } else { Err(BillingError::RoleWithheld) }
    }
}

impl Subscriptions {
    /// Whether the plan that is meant can give its role. Asked before the transaction, which must not wait for a second
    /// connection; a role that is withheld from the next instant on is so however this is answered.
    pub(super) async fn giving(
        &self,
        db: &impl ConnectionTrait,
        workspace: WorkspaceId,
        reference: &str,
    ) -> Result<Giving, BillingError> {
        let plan = plans::store::meant(db, workspace, reference).await?;
        let Some((plan, role)) = plan.and_then(|plan| plan.role_id.map(|role| (plan, role))) else {
            return Ok(Giving { of: None, is_vouched: true });
        };
        let vouched = self.roles.vouched(workspace, &[(role, plan.published_by)]).await?;
        Ok(Giving { of: Some((plan.id, plan.version)), is_vouched: vouched == [true] })
    }
}
