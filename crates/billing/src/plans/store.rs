//! The only queries of plans.

use chrono::{DateTime, Utc};
use kernel::ids::{RoleId, UserId, WorkspaceId};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, JsonValue};

use super::{Features, PlanContent, PlanId};
use crate::{
    ports::Voucher,
    sql::statement,
    subscriptions::machine::{Interval, Terms},
};

/// A plan in one of its versions.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub(crate) struct PlanRow {
    pub(crate) id: PlanId,
    pub(crate) workspace_id: Option<WorkspaceId>,
    pub(crate) code: String,
    pub(crate) version: i32,
    pub(crate) is_active: bool,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) price: i64,
    pub(crate) currency: String,
    interval: String,
    trial_days: i16,
    features: JsonValue,
    benefits: JsonValue,
    pub(crate) role_id: Option<RoleId>,
    pub(crate) role_name: Option<String>,
    /// Who answers for what is in it; nobody, where the program made it.
    pub(crate) published_by: Option<UserId>,
}

impl PlanRow {
    pub(crate) fn interval(&self) -> Interval {
        if self.interval == "year" { Interval::Year } else { Interval::Month }
    }

    pub(crate) fn trial_days(&self) -> u16 {
        self.trial_days.unsigned_abs()
    }

    pub(crate) fn features(&self) -> Features {
        serde_json::from_value(self.features.clone()).unwrap_or_default()
    }

    pub(crate) fn benefits(&self) -> Vec<String> {
        serde_json::from_value(self.benefits.clone()).unwrap_or_default()
    }

    /// What who subscribes to it agrees to.
    pub(crate) fn terms(&self) -> Terms {
        Terms {
            plan: self.id,
            version: self.version,
            name: self.name.clone(),
            price: self.price,
            currency: self.currency.clone(),
            interval: self.interval(),
            trial_days: self.trial_days(),
        }
    }

    /// What is in it.
    pub(crate) fn content(&self) -> PlanContent {
        PlanContent {
            name: self.name.clone(),
            description: self.description.clone(),
            price: self.price,
            currency: self.currency.clone(),
            interval: self.interval(),
            trial_days: self.trial_days(),
            features: self.features(),
            benefits: self.benefits(),
            grants_role: self.role_name.clone(),
            is_active: self.is_active,
        }
    }
}

const ROWS: &str = "SELECT p.id, p.workspace_id, p.code, v.version, p.is_active, p.created_at, p.updated_at, v.name, \
    v.description, v.price, v.currency, v.interval, v.trial_days, v.features, v.benefits, v.role_id, v.role_name, v.published_by \
    FROM billing.plans p JOIN billing.plan_versions v ON v.plan_id = p.id";

/// A plan as it is sold.
pub(crate) async fn find(db: &impl ConnectionTrait, id: PlanId) -> Result<Option<PlanRow>, DbErr> {
    let sql = format!("{ROWS} AND v.version = p.version WHERE p.id = $1");
    PlanRow::find_by_statement(statement(sql, [id.into()])).one(db).await
}

/// A version of a plan, sold or not.
pub(crate) async fn version(db: &impl ConnectionTrait, id: PlanId, version: i32) -> Result<Option<PlanRow>, DbErr> {
    let sql = format!("{ROWS} AND v.version = $2 WHERE p.id = $1");
    PlanRow::find_by_statement(statement(sql, [id.into(), version.into()])).one(db).await
}

/// The plan that somebody in `workspace` means: by its id, or by the code of one of the workspace's or else the
/// platform's.
pub(crate) async fn meant(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    reference: &str,
) -> Result<Option<PlanRow>, DbErr> {
    named(db, workspace, reference, "").await
}

/// The same, shared until the transaction ends: nobody publishes another version meanwhile.
pub(crate) async fn share_meant(
    tx: &impl ConnectionTrait,
    workspace: WorkspaceId,
    reference: &str,
) -> Result<Option<PlanRow>, DbErr> {
    named(tx, workspace, reference, "FOR SHARE OF p").await
}

async fn named(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    reference: &str,
    lock: &str,
) -> Result<Option<PlanRow>, DbErr> {
    let id: Option<PlanId> = reference.parse().ok();
    let sql = format!(
        "{ROWS} AND v.version = p.version WHERE (p.workspace_id = $1 OR p.workspace_id IS NULL) \
         AND (p.id = $2 OR p.code = $3) ORDER BY p.id = $2 DESC, p.workspace_id IS NULL LIMIT 1 {lock}"
    );
    let values = [workspace.into(), id.into(), reference.to_owned().into()];
    PlanRow::find_by_statement(statement(sql, values)).one(db).await
}

/// Who answers for it that a plan gives a role: for all of its versions that do, whoever published the last of them.
pub(crate) async fn voucher(db: &impl ConnectionTrait, id: PlanId, role: RoleId) -> Result<Option<Voucher>, DbErr> {
    let sql = "SELECT version, published_by FROM billing.plan_versions WHERE plan_id = $1 AND role_id = $2 \
        ORDER BY version DESC LIMIT 1";
    let row = db.query_one_raw(statement(sql, [id.into(), role.into()])).await?;
    let read = |row: sea_orm::QueryResult| {
        Ok(Voucher { version: row.try_get("", "version")?, by: row.try_get("", "published_by")? })
    };
    row.map(read).transpose()
}

/// The plans that a seller sells, the cheapest first.
pub(crate) async fn sold(db: &impl ConnectionTrait, seller: Option<WorkspaceId>) -> Result<Vec<PlanRow>, DbErr> {
    let sql = format!(
        "{ROWS} AND v.version = p.version WHERE p.workspace_id IS NOT DISTINCT FROM $1 AND p.is_active \
         ORDER BY CASE v.interval WHEN 'year' THEN v.price ELSE v.price * 12 END, p.id"
    );
    // `IS NOT DISTINCT FROM` finds no index, so each of the two gets a condition that does.
    let (sql, values) = match seller {
        Some(workspace) => (sql.replace("IS NOT DISTINCT FROM", "="), vec![workspace.into()]),
        None => (sql.replace("IS NOT DISTINCT FROM $1", "IS NULL"), Vec::new()),
    };
    PlanRow::find_by_statement(statement(sql, values)).all(db).await
}

/// How many plans a seller has, sold or not. Who counts waits for whoever counted before.
pub(crate) async fn count(tx: &impl ConnectionTrait, seller: Option<WorkspaceId>) -> Result<i64, DbErr> {
    let key = seller.map_or_else(|| "platform".to_owned(), |workspace| workspace.to_string());
    let sql = "SELECT pg_advisory_xact_lock(hashtextextended('plans ' || $1, 0))";
    tx.execute_raw(statement(sql, [key.into()])).await?;
    let sql = "SELECT count(*) AS n FROM billing.plans WHERE workspace_id IS NOT DISTINCT FROM $1";
    let row = tx.query_one_raw(statement(sql, [seller.into()])).await?;
    row.map_or(Ok(0), |row| row.try_get("", "n"))
}

/// A plan to be.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) id: PlanId,
    pub(crate) seller: Option<WorkspaceId>,
    pub(crate) code: String,
    pub(crate) content: PlanContent,
    pub(crate) role: Option<RoleId>,
    /// Who answers for what is in it.
    pub(crate) by: Option<UserId>,
    pub(crate) at: DateTime<Utc>,
}

/// Writes a new plan with its first version.
pub(crate) async fn insert(tx: &impl ConnectionTrait, draft: &Draft) -> Result<(), DbErr> {
    let sql = "INSERT INTO billing.plans (id, workspace_id, code, version, is_active, created_at, updated_at) \
        VALUES ($1, $2, $3, 1, $4, $5, $5)";
    let values = [
        draft.id.into(),
        draft.seller.into(),
        draft.code.clone().into(),
        draft.content.is_active.into(),
        draft.at.into(),
    ];
    tx.execute_raw(statement(sql, values)).await?;
    publish(tx, draft, 1).await
}

/// Writes a version.
pub(crate) async fn publish(tx: &impl ConnectionTrait, draft: &Draft, version: i32) -> Result<(), DbErr> {
    let content = &draft.content;
    let sql = "INSERT INTO billing.plan_versions (plan_id, version, workspace_id, name, description, price, currency, \
        interval, trial_days, features, benefits, role_id, role_name, published_at, published_by) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    let json = |error: serde_json::Error| DbErr::Json(error.to_string());
    let values = [
        draft.id.into(),
        version.into(),
        draft.seller.into(),
        content.name.trim().to_owned().into(),
        content.description.clone().into(),
        content.price.into(),
        content.currency.clone().into(),
        content.interval.as_str().into(),
        i16::try_from(content.trial_days).unwrap_or(i16::MAX).into(),
        serde_json::to_value(&content.features).map_err(json)?.into(),
        serde_json::to_value(&content.benefits).map_err(json)?.into(),
        draft.role.into(),
        draft.role.and(content.grants_role.clone()).into(),
        draft.at.into(),
        draft.by.map(|user| user.0).into(),
    ];
    tx.execute_raw(statement(sql, values)).await?;
    Ok(())
}

/// Locks a plan and answers it as it is now.
pub(crate) async fn lock(tx: &impl ConnectionTrait, id: PlanId) -> Result<Option<PlanRow>, DbErr> {
    let sql = "SELECT id FROM billing.plans WHERE id = $1 FOR UPDATE";
    tx.query_one_raw(statement(sql, [id.into()])).await?;
    find(tx, id).await
}

/// Sells another version from now on.
pub(crate) async fn sell(
    tx: &impl ConnectionTrait,
    id: PlanId,
    version: i32,
    is_active: bool,
    at: DateTime<Utc>,
) -> Result<(), DbErr> {
    let sql = "UPDATE billing.plans SET version = $2, is_active = $3, updated_at = $4 WHERE id = $1";
    tx.execute_raw(statement(sql, [id.into(), version.into(), is_active.into(), at.into()])).await?;
    Ok(())
}
