//! The rules of subscribing, changing and ending.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use kernel::{
    clock::Clock,
    db::{Databases, System},
    grant::Relation,
    guard::{Identified, Permit, Scoped, Tx},
    http::{Created, Done, Tagged, etag_of},
    ids::{UserId, WorkspaceId},
    page::Page,
};
use sea_orm::ConnectionTrait;

use super::{
    ClockView, LineView, NewSubscription, PlanChange, QuoteView, SubscriptionId, SubscriptionList, SubscriptionTarget,
    SubscriptionView,
    actions::{CancelSubscription, ChangeSubscription, MoveTestClock, QuoteSubscription, Subscribe},
    asking::Asking,
    books::{Books, perform},
    giving::Giving,
    machine::{Patience, Quote, State, Terms},
    store::{self, Due, Subscription},
};
use crate::{
    Schema,
    ledger::Ledger,
    permissions::CAN_MANAGE_SUBSCRIPTIONS,
    plans::store::PlanRow,
    ports::{Counting, Gateway, Roles},
    problems::BillingError,
};

/// How this installation bills.
#[derive(Clone, Copy, Debug)]
pub struct BillingSettings {
    /// How long what isn't paid is waited for.
    pub patience: Patience,
    /// Whether somebody may move the time of a workspace's billing.
    pub test_clocks: bool,
}

/// Subscriptions and what becomes of them.
pub struct Subscriptions {
    pub(super) system: System<Schema>,
    pub(super) ledger: Ledger,
    pub(super) roles: Arc<dyn Roles>,
    pub(super) counting: Arc<dyn Counting>,
    pub(super) gateway: Arc<dyn Gateway>,
    pub(super) settings: BillingSettings,
    pub(super) clock: Clock,
    pub(super) asking: Asking,
}

impl std::fmt::Debug for Subscriptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subscriptions").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Subscriptions {
    /// The service of an instance.
    pub fn new(
        databases: &Databases,
        (roles, counting): (Arc<dyn Roles>, Arc<dyn Counting>),
        gateway: Arc<dyn Gateway>,
        settings: BillingSettings,
        clock: Clock,
    ) -> Self {
        let (system, ledger) = (databases.system("subscriptions"), Ledger::new(databases));
        Self { system, ledger, roles, counting, gateway, settings, clock, asking: Asking::default() }
    }

    /// Subscribes the caller to a plan of the workspace, or the workspace to one of the platform.
    pub async fn subscribe(
        &self,
        permit: &Permit<Subscribe>,
        new: NewSubscription,
    ) -> Result<Created<SubscriptionView>, BillingError> {
        let (workspace, now) = (permit.workspace(), permit.now());
        let giving = self.giving(&permit.db(), workspace, &new.plan).await?;
        let tx = match permit.begin().await {
            Ok(tx) => tx,
            Err(failure) => return Err(self.repeated(failure).await),
        };
        let plan = chosen(&tx, workspace, &new.plan, None).await?;
        let user = subscriber(permit, &plan)?;
        giving.require(&plan)?;
        let at = self.billing_time(&tx, workspace, now).await?;
        let trial = !store::had_trial(&tx, workspace, user, plan.id).await?;
        let arrears = self.take_over(&tx, workspace, user, &plan.currency, now).await?;
        let (state, effects) = State::begin(arrears, plan.terms(), trial, at);
        let created_by = Some(permit.caller());
        let id = SubscriptionId::new(now);
        let mut row = Subscription {
            id,
            workspace_id: workspace,
            user_id: user,
            state,
            created_by,
            created_at: now,
            updated_at: now,
        };
        let done = perform(&tx, self.means(now, at), &mut row, None, effects).await?;
        let mut reply = created(&row);
        tx.commit_with(&reply).await?;
        self.follow(&done).await;
        if let Some(row) = self.after(id).await? {
            reply = created(&row);
        }
        Ok(reply)
    }

    /// What a change would cost now.
    pub async fn quote(&self, permit: &Permit<QuoteSubscription>, plan: &str) -> Result<Done<QuoteView>, BillingError> {
        self.overtake(permit).await;
        let giving = self.giving(&permit.db(), permit.workspace(), plan).await?;
        let tx = permit.begin().await?;
        let (row, at) = self.present(&tx).await?;
        let (terms, quote) = self.quoted(&tx, &row, (plan, giving), at).await?;
        let reply = Done { status: actix_web::http::StatusCode::OK, view: QuoteView::of(&row, &terms, &quote) };
        tx.commit_with(&reply).await?;
        Ok(reply)
    }

    /// Changes the plan for what was quoted.
    pub async fn change(
        &self,
        permit: &Permit<ChangeSubscription>,
        change: PlanChange,
    ) -> Result<Tagged<SubscriptionView>, BillingError> {
        let now = permit.now();
        self.overtake(permit).await;
        let giving = self.giving(&permit.db(), permit.workspace(), &change.plan).await?;
        let tx = match permit.begin().await {
            Ok(tx) => tx,
            Err(failure) => return Err(self.repeated(failure).await),
        };
        let (mut row, at) = self.present(&tx).await?;
        tx.check_version(&etag_of(row.version()))?;
        let (terms, quote) = self.quoted(&tx, &row, (&change.plan, giving), at).await?;
        let view = QuoteView::of(&row, &terms, &quote);
        if view.quote != change.quote {
            return Err(BillingError::QuoteChanged(Box::new(serde_json::to_value(view)?)));
        }
        let was = row.state.status;
        let effects = row.state.change(terms, quote, at);
        let done = perform(&tx, self.means(now, at), &mut row, Some(was), effects).await?;
        let reply = tagged(&row);
        tx.commit_with(&reply).await?;
        self.follow(&done).await;
        Ok(self.after(row.id).await?.as_ref().map_or(reply, tagged))
    }

    /// Ends it, at once or with its period.
    pub async fn cancel(
        &self,
        permit: &Permit<CancelSubscription>,
        at_once: bool,
    ) -> Result<Tagged<SubscriptionView>, BillingError> {
        let now = permit.now();
        self.overtake(permit).await;
        let tx = permit.begin().await?;
        let (mut row, at) = self.present(&tx).await?;
        tx.check_version(&etag_of(row.version()))?;
        let was = row.state.status;
        let effects = row.state.cancel(at_once, at);
        let done = perform(&tx, self.means(now, at), &mut row, Some(was), effects).await?;
        tx.commit().await?;
        self.follow(&done).await;
        Ok(tagged(&row))
    }

    /// A page of what the caller may see.
    pub async fn list(&self, scoped: &Scoped<SubscriptionList>) -> Result<Page<SubscriptionView>, BillingError> {
        let paging = scoped.paging();
        let rows = store::page(scoped, paging.after()?, paging.limit() + 1).await?;
        let page = paging.page(rows, |row| (row.created_at, row.id))?;
        Ok(page.map(|row| SubscriptionView::from(&row)))
    }

    /// Moves the time of a workspace's billing, and lets happen what comes in that time, in its order.
    pub async fn move_clock(&self, permit: &Permit<MoveTestClock>, days: u16) -> Result<Done<ClockView>, BillingError> {
        if !self.settings.test_clocks {
            return Err(BillingError::NoTestClocks);
        }
        let (workspace, now) = (permit.workspace(), permit.now());
        let tx = permit.begin().await?;
        store::move_clock(&tx, workspace, Duration::days(i64::from(days)), now).await?;
        let time = self.billing_time(&tx, workspace, now).await?;
        let status = actix_web::http::StatusCode::OK;
        let mut reply = Done { status, view: ClockView { now: time, happened: 0 } };
        tx.commit_with(&reply).await?;
        reply.view.happened = self.run_due(Due::Of(workspace)).await?;
        Ok(reply)
    }

    /// What time it is in a workspace's billing. Where nobody may move that time it is the time of all, whatever was stored
    /// while somebody might.
    pub(crate) async fn billing_time(
        &self,
        db: &impl ConnectionTrait,
        workspace: WorkspaceId,
        now: DateTime<Utc>,
    ) -> Result<DateTime<Utc>, BillingError> {
        if !self.settings.test_clocks {
            return Ok(now);
        }
        Ok(store::moved_time(db, workspace, now).await?)
    }

    /// Refuses whoever is no active member. Asked before a transaction, which must not wait for a second connection.
    pub(crate) async fn require_member(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        pointer: &'static str,
    ) -> Result<(), BillingError> {
        if self.roles.is_member(workspace, user).await? { Ok(()) } else { Err(BillingError::Outsider { pointer }) }
    }

    /// What a subscriber used in former subscriptions and didn't pay, to be on the first bill of the next: from now on it is
    /// that one's.
    async fn take_over(
        &self,
        tx: &impl ConnectionTrait,
        workspace: WorkspaceId,
        user: Option<UserId>,
        currency: &str,
        now: DateTime<Utc>,
    ) -> Result<Vec<LineView>, BillingError> {
        let mut arrears = Vec::new();
        for mut former in store::lock_in_arrears(tx, workspace, user).await? {
            if former.state.terms.currency != currency {
                return Err(BillingError::OwedElsewhere { currency: former.state.terms.currency });
            }
            arrears.append(&mut former.state.arrears);
            former.state.sequence += 1;
            former.updated_at = now;
            store::save(tx, &former, self.settings.patience).await?;
        }
        Ok(arrears)
    }

    /// Lets happen what is due of the permit's subscription, as the worker would a moment later, also asking for money. What
    /// it can't do here, as while another instance is at it, [`Self::present`] does or waits for.
    async fn overtake<A: Identified<Target = SubscriptionTarget>>(&self, permit: &Permit<A>) {
        let known = permit.target().subscription();
        let is_due = known.state.due(self.settings.patience).is_some_and(|due| due <= permit.now());
        if (is_due || self.settings.test_clocks)
            && let Err(error) = self.run_due(Due::Only(known.id)).await
        {
            tracing::warn!(%error, subscription = %known.id, "what is due waits");
        }
    }

    /// The permit's subscription, locked, as it is at this moment of the workspace's billing, which is answered with it:
    /// whatever is done to it starts from there, and never from a period that is over.
    async fn present<A: Identified<Target = SubscriptionTarget>>(
        &self,
        tx: &Tx<'_, A>,
    ) -> Result<(Subscription, DateTime<Utc>), BillingError> {
        let known = tx.permit().target().subscription();
        let mut row = store::lock(tx, known.id).await?.ok_or(BillingError::Missing)?;
        let now = tx.permit().now();
        let at = self.billing_time(tx, row.workspace_id, now).await?;
        self.catch_up(tx, &mut row, now, at).await?;
        Ok((row, at))
    }

    /// Lets happen what is due of a locked one by `at`, as of when it was due; answers whether something was.
    pub(crate) async fn catch_up<B: Books>(
        &self,
        tx: &B,
        row: &mut Subscription,
        now: DateTime<Utc>,
        at: DateTime<Utc>,
    ) -> Result<bool, BillingError> {
        let mut happened = false;
        loop {
            let was = row.state.status;
            let Some((due, effects)) = row.state.catch_up(self.settings.patience, at) else { return Ok(happened) };
            // What a member holds by it is told by the last that becomes of it, and by the events of all.
            perform(tx, self.means(now, due), row, Some(was), effects).await?;
            happened = true;
        }
    }

    /// What one is after what is due of it was done at once.
    async fn after(&self, id: SubscriptionId) -> Result<Option<Subscription>, BillingError> {
        if let Err(error) = self.run_due(Due::Only(id)).await {
            // What was asked for is done; this comes again by itself.
            tracing::warn!(%error, subscription = %id, "what is due waits");
        }
        Ok(store::find(&self.system.db(), id).await?)
    }

    async fn quoted(
        &self,
        tx: &impl ConnectionTrait,
        row: &Subscription,
        (plan, giving): (&str, Giving),
        at: DateTime<Utc>,
    ) -> Result<(Terms, Quote), BillingError> {
        let plan = chosen(tx, row.workspace_id, plan, Some(row)).await?;
        let trial = !store::had_trial(tx, row.workspace_id, row.user_id, plan.id).await?;
        // Back to what is in force is back to the version that is.
        let terms = plan.terms();
        let back = terms.plan == row.state.terms.plan && (row.state.next.is_some() || row.state.waiting.is_some());
        let terms = if back { row.state.terms.clone() } else { terms };
        let quote = row.state.quote(&terms, trial, at)?;
        if !back {
            giving.require(&plan)?;
        }
        Ok((terms, quote))
    }
}

/// The plan that is meant, if it is for sale to this subscriber.
async fn chosen(
    tx: &impl ConnectionTrait,
    workspace: WorkspaceId,
    reference: &str,
    row: Option<&Subscription>,
) -> Result<PlanRow, BillingError> {
    let plan = crate::plans::store::share_meant(tx, workspace, reference).await?.ok_or(BillingError::UnknownPlan)?;
    if row.is_some_and(|row| row.is_of_workspace() != plan.workspace_id.is_some()) {
        return Err(BillingError::UnknownPlan);
    }
    let is_held = row.is_some_and(|row| row.state.terms.plan == plan.id);
    if plan.is_active || is_held { Ok(plan) } else { Err(BillingError::NotForSale) }
}

/// Who subscribes: the caller, or nobody in particular where it is the workspace, for which it takes more than one's own.
fn subscriber(permit: &Permit<Subscribe>, plan: &PlanRow) -> Result<Option<UserId>, BillingError> {
    if plan.workspace_id.is_none() {
        permit.require_at(&CAN_MANAGE_SUBSCRIPTIONS, Relation::Other)?;
        return Ok(None);
    }
    if permit.is_platform() { Err(BillingError::NotAMember) } else { Ok(Some(permit.caller())) }
}

fn created(row: &Subscription) -> Created<SubscriptionView> {
    Created::at(format!("/subscriptions/{}", row.id), Some(etag_of(row.version())), SubscriptionView::from(row))
}

pub(super) fn tagged(row: &Subscription) -> Tagged<SubscriptionView> {
    Tagged::new(row.version(), SubscriptionView::from(row))
}
