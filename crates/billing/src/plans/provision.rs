//! Plans made without a request, for the seeder. Made twice they are made once.

use chrono::{DateTime, Utc};
use kernel::{
    db::System,
    ids::{RoleId, WorkspaceId},
};
use sea_orm::{ConnectionTrait, DbErr};

use super::{
    PlanContent, PlanId, service,
    store::{self, Draft},
};
use crate::{Schema, sql::statement};

/// Makes a plan unless the seller has one of this code.
pub async fn ensure_plan(
    system: &System<Schema>,
    seller: WorkspaceId,
    code: &str,
    content: PlanContent,
    role: Option<RoleId>,
    at: DateTime<Utc>,
) -> Result<PlanId, DbErr> {
    let tx = system.begin().await?;
    store::count(&tx, Some(seller)).await?;
    let sql = "SELECT id FROM billing.plans WHERE workspace_id = $1 AND code = $2";
    if let Some(row) = tx.query_one_raw(statement(sql, [seller.into(), code.into()])).await? {
        return row.try_get("", "id");
    }
    let id = PlanId::new(at);
    let draft = Draft { id, seller: Some(seller), code: code.to_owned(), content, role, by: None, at };
    store::insert(&tx, &draft).await?;
    if let Some(row) = store::find(&tx, id).await? {
        tx.announce(service::told("billing.plan_created", &row, at)).await?;
    }
    tx.commit().await?;
    Ok(id)
}
