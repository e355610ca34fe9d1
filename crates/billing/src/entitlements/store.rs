//! The only query of entitlements.

use kernel::{
    bounds::Word,
    ids::{UserId, WorkspaceId},
};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, JsonValue};

use crate::{
    plans::{Features, PlanId},
    sql::statement,
    subscriptions::{PlanRef, SubscriptionId},
};

/// What a plan that is in force gives.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct InForce {
    /// None where it is the workspace's.
    pub(crate) user_id: Option<UserId>,
    id: SubscriptionId,
    sequence: i64,
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

    /// What it says of a key of limit.
    pub(crate) fn word(&self, key: &str) -> Word {
        let most = self.features().limits.get(key).copied();
        Word { subscription_id: self.id.0, user_id: self.user_id, sequence: self.sequence, most }
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
    let sql = "SELECT s.user_id, s.id, s.sequence, v.plan_id, v.version, v.name, v.price, v.currency, v.features, v.benefits \
        FROM billing.subscriptions s \
        JOIN billing.plan_versions v ON v.plan_id = s.plan_id AND v.version = s.plan_version \
        WHERE s.workspace_id = $1 AND (s.user_id = $2 OR s.user_id IS NULL) AND s.in_force \
        AND s.status NOT IN ('canceled', 'expired')";
    InForce::find_by_statement(statement(sql, [workspace.into(), user.into()])).all(db).await
}
