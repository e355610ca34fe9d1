//! The rules of plans.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use kernel::{
    authority::Caller,
    guard::{Identified, Permit, Public, Tx},
    http::{Created, Fresh, Tagged, etag_of},
    ids::{RoleId, UserId, WorkspaceId},
    outbox::Event,
    page::Page,
};
use serde_json::json;

use super::{
    NewPlan, NewPlatformPlan, PlanContent, PlanFilter, PlanId, PlanView,
    actions::{CreatePlan, EditPlan, PlanTarget, PublishPlan, RetirePlan},
    store::{self, Draft, PlanRow},
};
use crate::{Schema, ports::Roles, problems::BillingError};

/// How many plans a seller may have.
const MOST: i64 = 100;

/// Plans and their versions.
#[derive(Clone)]
pub struct Plans {
    roles: Arc<dyn Roles>,
}

impl std::fmt::Debug for Plans {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Plans")
    }
}

impl Plans {
    /// The service, with what it asks about roles.
    pub fn new(roles: Arc<dyn Roles>) -> Self {
        Self { roles }
    }

    /// What a seller sells. A workspace that there isn't sells nothing: strangers needn't know which there are.
    pub async fn list(
        &self,
        permit: &Permit<Public<Schema>>,
        filter: &PlanFilter,
    ) -> Result<Page<PlanView>, BillingError> {
        let seller = match &filter.workspace {
            None => None,
            Some(reference) => match self.roles.workspace(reference).await? {
                None => return Ok(Page { items: Vec::new(), next: None, count: None }),
                known => known,
            },
        };
        let rows = store::sold(&permit.db(), seller).await?;
        let withheld = self.withheld(&rows).await?;
        let shown = |(row, withheld)| PlanView::of(row, withheld);
        Ok(Page { items: rows.into_iter().zip(withheld).map(shown).collect(), next: None, count: None })
    }

    /// One plan, for sale or not.
    pub async fn read(&self, permit: &Permit<Public<Schema>>, id: PlanId) -> Result<Fresh<PlanView>, BillingError> {
        let row = store::find(&permit.db(), id).await?.ok_or(BillingError::Missing)?;
        let is_withheld = self.withheld(std::slice::from_ref(&row)).await?.contains(&true);
        Ok(Fresh(Tagged::new(row.version, PlanView::of(row, is_withheld))))
    }

    /// Makes a plan of a workspace.
    pub async fn create(&self, permit: &Permit<CreatePlan>, new: NewPlan) -> Result<Created<PlanView>, BillingError> {
        let seller = Some(permit.workspace());
        let (code, content) = new.content();
        let role = self.role(permit.acting(), seller, &content).await?;
        make(permit.begin().await?, permit.now(), seller, code, content, role).await
    }

    /// Makes a plan of the platform.
    pub async fn publish(
        &self,
        permit: &Permit<PublishPlan>,
        new: NewPlatformPlan,
    ) -> Result<Created<PlanView>, BillingError> {
        let (code, content) = new.content();
        let role = self.role(permit.acting(), None, &content).await?;
        make(permit.begin().await?, permit.now(), None, code, content, role).await
    }

    /// Publishes another version, if anything is another: also who answers for its role, where the former one can't any more.
    pub async fn replace(
        &self,
        permit: &Permit<EditPlan>,
        content: PlanContent,
    ) -> Result<Tagged<PlanView>, BillingError> {
        let known = permit.target().plan();
        let role = self.role(permit.acting(), known.workspace_id, &content).await?;
        let is_withheld = self.withheld(std::slice::from_ref(known)).await?.contains(&true);
        let tx = permit.begin().await?;
        let row = locked(&tx).await?;
        // What was asked is about the version that was known; a later one was published by who covers its role.
        let lapsed = is_withheld && row.version == known.version;
        if row.content() == content && row.role_id == role && !lapsed {
            return Ok(tagged(row));
        }
        let after = renew(&tx, &row, content, (role, Some(permit.caller())), permit.now()).await?;
        tx.commit().await?;
        Ok(tagged(after))
    }

    /// Takes a plan off sale; who has it keeps it.
    pub async fn retire(&self, permit: &Permit<RetirePlan>) -> Result<(), BillingError> {
        let tx = permit.begin().await?;
        let row = locked(&tx).await?;
        if row.is_active {
            let content = PlanContent { is_active: false, ..row.content() };
            // Nothing new is published, so who answers for what is in it stays who did.
            renew(&tx, &row, content, (row.role_id, row.published_by), permit.now()).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Which of these plans of one seller give a role that can't be given at present.
    async fn withheld(&self, rows: &[PlanRow]) -> Result<Vec<bool>, BillingError> {
        let giving = || rows.iter().filter_map(|row| Some((row.workspace_id?, row.role_id?, row.published_by)));
        let Some((seller, ..)) = giving().next() else { return Ok(vec![false; rows.len()]) };
        let asked: Vec<_> = giving().map(|(_, role, by)| (role, by)).collect();
        let mut vouched = self.roles.vouched(seller, &asked).await?.into_iter();
        Ok(rows.iter().map(|row| row.role_id.is_some() && !vouched.next().unwrap_or_default()).collect())
    }

    /// The role that a plan gives. Asked before the transaction, which must not wait for a second connection; whether it is
    /// there still is asked again whenever it is given.
    async fn role(
        &self,
        by: &Caller,
        seller: Option<WorkspaceId>,
        content: &PlanContent,
    ) -> Result<Option<RoleId>, BillingError> {
        match (&content.grants_role, seller) {
            (None, _) => Ok(None),
            (Some(_), None) => Err(BillingError::RoleOfNoWorkspace),
            (Some(name), Some(workspace)) => Ok(Some(self.roles.for_plans(by, workspace, name).await?)),
        }
    }
}

/// A plan that was just published, or is as good as that: by who covers its role.
fn tagged(row: PlanRow) -> Tagged<PlanView> {
    Tagged::new(row.version, PlanView::of(row, false))
}

async fn make<A: Identified>(
    tx: Tx<'_, A>,
    at: DateTime<Utc>,
    seller: Option<WorkspaceId>,
    code: String,
    content: PlanContent,
    role: Option<RoleId>,
) -> Result<Created<PlanView>, BillingError> {
    if store::count(&tx, seller).await? >= MOST {
        return Err(BillingError::TooManyPlans);
    }
    let by = Some(tx.permit().caller());
    let draft = Draft { id: PlanId::new(at), seller, code, content, role, by, at };
    store::insert(&tx, &draft).await?;
    let row = store::find(&tx, draft.id).await?.ok_or(BillingError::Missing)?;
    tx.announce(told("billing.plan_created", &row, at)).await?;
    let reply = Created::at(format!("/plans/{}", row.id), Some(etag_of(row.version)), PlanView::of(row, false));
    tx.commit_with(&reply).await?;
    Ok(reply)
}

async fn locked<A: Identified<Target = PlanTarget>>(tx: &Tx<'_, A>) -> Result<PlanRow, BillingError> {
    let known = tx.permit().target().plan();
    let row = store::lock(tx, known.id).await?.ok_or(BillingError::Missing)?;
    tx.check_version(&etag_of(row.version))?;
    Ok(row)
}

async fn renew<A: Identified>(
    tx: &Tx<'_, A>,
    row: &PlanRow,
    content: PlanContent,
    (role, by): (Option<RoleId>, Option<UserId>),
    at: DateTime<Utc>,
) -> Result<PlanRow, BillingError> {
    let (version, is_active) = (row.version + 1, content.is_active);
    let draft = Draft { id: row.id, seller: row.workspace_id, code: row.code.clone(), content, role, by, at };
    store::publish(tx, &draft, version).await?;
    store::sell(tx, row.id, version, is_active, at).await?;
    let after = store::find(tx, row.id).await?.ok_or(BillingError::Missing)?;
    let event = told("billing.plan_changed", &after, at)
        .field("price", row.price, after.price)
        .field("is_active", row.is_active, after.is_active)
        .field("grants_role", row.role_name.clone(), after.role_name.clone());
    tx.announce(event).await?;
    Ok(after)
}

/// What is told of a plan.
pub(super) fn told(action: &str, row: &PlanRow, at: DateTime<Utc>) -> Event {
    let event = Event::new(action, "plan", row.id.0, at);
    let mut event = event.fact("plan_code", row.code.as_str()).fact("version", json!(row.version));
    if let Some(role) = row.role_id {
        event = event.fact("gives_role", json!(role));
        event = event.fact("vouched_version", row.version).fact("vouched_by", json!(row.published_by));
    }
    match row.workspace_id {
        Some(workspace) => event.in_workspace(workspace),
        None => event,
    }
}
