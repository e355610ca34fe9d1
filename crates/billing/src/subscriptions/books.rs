//! What follows from what the machine decides, in one transaction: invoices, the ledger, events, the state.

use chrono::{DateTime, Utc};
use kernel::{
    db::SystemTx,
    guard::{Identified, Tx},
    ids::UserId,
    outbox::Event,
};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::{Value, json};

use super::{
    machine::{Effect, News, Patience, Status},
    store::{self, Subscription},
};
use crate::{
    invoices::{self, Invoice},
    ledger::Ledger,
    plans,
    ports::{Limits, RoleGrant, Seats},
    problems::BillingError,
};

/// A transaction that events can be told in.
pub(crate) trait Books: ConnectionTrait {
    /// Writes an event with the change that it tells of.
    fn tell(&self, event: Event) -> impl Future<Output = Result<(), DbErr>> + Send;
}

impl<A: Identified> Books for Tx<'_, A> {
    async fn tell(&self, event: Event) -> Result<(), DbErr> {
        self.announce(event).await
    }
}

impl Books for SystemTx<'_> {
    async fn tell(&self, event: Event) -> Result<(), DbErr> {
        self.announce(event).await
    }
}

/// A bill to ask money for, once the transaction is committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) bill: u32,
    pub(crate) attempt: u32,
}

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Done {
    /// What is to be asked for.
    pub(crate) asked: Option<Asked>,
    /// What the member is to hold, if that may have changed.
    pub(crate) grant: Option<RoleGrant>,
    /// How many members there is room for, if that may have changed.
    pub(crate) seats: Option<Seats>,
    /// What is bounded by it, if that may have changed.
    pub(crate) limits: Option<Limits>,
}

/// The means: what is beside the row in a transaction.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Means<'a> {
    pub(crate) ledger: &'a Ledger,
    pub(crate) patience: Patience,
    /// The time of all, for what is stored and told.
    pub(crate) now: DateTime<Utc>,
    /// The time of the workspace's billing, at which it happens.
    pub(crate) at: DateTime<Utc>,
    /// Who does it, for the ledger; nobody, where it happens by itself.
    pub(crate) actor: Option<UserId>,
}

/// Does what follows, and stores the state. `was` is the status before; none for a new one.
pub(crate) async fn perform<B: Books>(
    tx: &B,
    means: Means<'_>,
    row: &mut Subscription,
    was: Option<Status>,
    effects: Vec<Effect>,
) -> Result<Done, BillingError> {
    let mut done = Done::default();
    if was.is_some() {
        row.updated_at = means.now;
        store::save(tx, row, means.patience).await?;
    } else {
        store::insert(tx, row, means.patience).await?;
    }
    if row.state.status == Status::Trialing {
        store::give_trial(tx, row, means.at).await?;
    }
    let mut news = Vec::new();
    for effect in effects {
        match effect {
            Effect::Bill { bill, lines } => {
                let invoice = Invoice::of_bill(row, bill, lines, means.now);
                invoices::bill(tx, means, invoice).await?;
            }
            Effect::Void { bill } => invoices::void_bill(tx, means, row.id, bill).await?,
            Effect::Ask { bill, attempt } => done.asked = Some(Asked { bill, attempt }),
            Effect::Tell { news: what, at } => news.push((what, at)),
        }
    }
    if news.is_empty() {
        return Ok(done);
    }
    let given = given(tx, row).await?;
    for (what, at) in news {
        tx.tell(told(row, was, &given, what, at, means.now)).await?;
    }
    Ok(Done { asked: done.asked, ..given })
}

/// What follows of it for others: what a member holds by it now, or what room the workspace has, and what it bounds.
async fn given<B: Books>(tx: &B, row: &Subscription) -> Result<Done, BillingError> {
    let terms = &row.state.terms;
    let plan = if row.state.is_in_force() { plans::store::version(tx, terms.plan, terms.version).await? } else { None };
    let (workspace, subscription, sequence) = (row.workspace_id, row.id.0, row.sequence());
    let most = plan.as_ref().map(|plan| plan.features().limits).unwrap_or_default();
    let seats = most.get("max_members").copied();
    let limits = Some(Limits { workspace, user: row.user_id, subscription, sequence, most });
    let Some(user) = row.user_id else {
        let seats = Some(Seats { workspace, subscription, sequence, most: seats });
        return Ok(Done { seats, limits, ..Done::default() });
    };
    let role = match plan.and_then(|plan| plan.role_id) {
        // Whoever published the plan last answers for all who have it, in whatever version.
        Some(role) => plans::store::voucher(tx, terms.plan, role).await?.map(|voucher| (role, voucher)),
        None => None,
    };
    let grant = Some(RoleGrant { workspace, user, subscription, sequence, plan: terms.plan, role });
    Ok(Done { grant, limits, ..Done::default() })
}

fn told(
    row: &Subscription,
    was: Option<Status>,
    given: &Done,
    news: News,
    at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Event {
    let word = serde_json::to_value(news).unwrap_or_default();
    let action = format!("billing.subscription_{}", word.as_str().unwrap_or_default());
    let role = given.grant.and_then(|grant| grant.role);
    let event = Event::new(&action, "subscription", row.id.0, now)
        .in_workspace(row.workspace_id)
        .field("status", was.map_or(Value::Null, |was| json!(was)), json!(row.state.status))
        .fact("plan_id", json!(row.state.terms.plan))
        .fact("plan_version", row.state.terms.version)
        .fact("sequence", row.sequence())
        .fact("gives_role", json!(role.map(|(role, _)| role)))
        .fact("limits", json!(given.limits.as_ref().map(|limits| &limits.most)))
        .fact("happened_at", at.to_rfc3339());
    let event = match role {
        Some((_, by)) => event.fact("vouched_version", by.version).fact("vouched_by", json!(by.by)),
        None => event,
    };
    match row.user_id {
        Some(user) => event.fact("user_id", user.to_string()),
        None => event.fact("max_members", json!(given.seats.and_then(|seats| seats.most))),
    }
}

/// An invoice of it was paid.
pub(crate) async fn after_payment<B: Books>(
    tx: &B,
    means: Means<'_>,
    row: &mut Subscription,
    bill: u32,
) -> Result<Done, BillingError> {
    let was = row.state.status;
    let effects = row.state.paid(bill, means.at);
    perform(tx, means, row, Some(was), effects).await
}

/// An invoice of it was taken back.
pub(crate) async fn after_waiver<B: Books>(
    tx: &B,
    means: Means<'_>,
    row: &mut Subscription,
    bill: u32,
) -> Result<Done, BillingError> {
    let was = row.state.status;
    let effects = row.state.waived(bill, means.at);
    perform(tx, means, row, Some(was), effects).await
}
