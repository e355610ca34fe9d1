//! The only query of entitlements.

use kernel::ids::{UserId, WorkspaceId};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, JsonValue};

use crate::{
    plans::{Features, PlanId},
    sql::statement,
    subscriptions::PlanRef,
};

/// What a plan that is in force gives.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct InForce {
    /// None where it is the workspace's.
    pub(crate) user_id: Option<UserId>,
    plan_id: PlanId,
    version: i32,
    name: String,
    price: i64,
    currency: String,
    features: JsonValue,
    benefits: JsonValue,
}

impl InForce {
    pub(crate) fn features(&self) -> Features {
        serde_json::from_value(self.features.clone()).unwrap_or_default()
    }

    pub(crate) fn benefits(&self) -> Vec<String> {
        serde_json::from_value(self.benefits.clone()).unwrap_or_default()
    }

    pub(crate) fn plan(&self) -> PlanRef {
        let (name, currency) = (self.name.clone(), self.currency.clone());
        PlanRef { id: self.plan_id, version: self.version, name, price: self.price, currency }
    }
}

/// The plans in force for a member: theirs, and the workspace's. One statement.
pub(crate) async fn in_force(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    user: UserId,
) -> Result<Vec<InForce>, DbErr> {
    let sql = "SELECT s.user_id, v.plan_id, v.version, v.name, v.price, v.currency, v.features, v.benefits \
        FROM billing.subscriptions s \
        JOIN billing.plan_versions v ON v.plan_id = s.plan_id AND v.version = s.plan_version \
        WHERE s.workspace_id = $1 AND (s.user_id = $2 OR s.user_id IS NULL) AND s.in_force \
        AND s.status NOT IN ('canceled', 'expired')";
    InForce::find_by_statement(statement(sql, [workspace.into(), user.into()])).all(db).await
}
