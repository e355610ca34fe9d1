//! What happens by itself: renewals, ends of trials and of patience, and asking for money.
//!
//! A worker takes the subscription that has been due for longest, lets happen what is due and commits; several may work at
//! once, since one that is taken is locked and passed over. Money is asked for between two transactions. A worker that dies
//! there has noted when it is to be asked for again, with the same key.

use chrono::{DateTime, Utc};
use kernel::{
    db::SystemTx,
    ids::{UserId, WorkspaceId},
    outbox::Event,
};
use serde_json::json;

use super::{
    SubscriptionId, Subscriptions,
    books::{Asked, Done, Means, perform},
    store::{self, Due, Subscription},
};
use crate::{
    invoices,
    ports::{Charge, Outcome},
    problems::BillingError,
};

impl Subscriptions {
    /// Lets everything happen that is due; answers how many times something did.
    pub async fn run(&self) -> Result<u64, BillingError> {
        let happened = self.run_due(Due::Any).await?;
        if self.settings.test_clocks { Ok(happened + self.run_due(Due::Ahead).await?) } else { Ok(happened) }
    }

    /// The same of some.
    pub(super) async fn run_due(&self, due: Due) -> Result<u64, BillingError> {
        let mut happened = 0;
        loop {
            while let Some(times) = self.step(due).await? {
                happened += times;
            }
            // What another has in hand here comes to what is due next.
            if !self.asking.answered(due).await {
                return Ok(happened);
            }
        }
    }

    /// One thing that is due; answers how often that happened, or nothing where none is due. One with which it fails is put off: it must not be the first again,
    /// with all others behind it.
    async fn step(&self, due: Due) -> Result<Option<u64>, BillingError> {
        let now = self.clock.now();
        let tx = self.system.begin().await?;
        let Some(id) = store::take_due(&tx, due, self.settings.test_clocks, now).await? else { return Ok(None) };
        let Err(error) = self.happen(tx, id, now).await else { return Ok(Some(1)) };
        let failures = store::put_off(&self.system.db(), id, self.settings.test_clocks, now).await?;
        tracing::error!(subscription = %id, failures, %error, "what is due of a subscription fails and is put off");
        Ok(Some(0))
    }

    /// What is due of the one that `tx` has locked.
    async fn happen(&self, tx: SystemTx<'_>, id: SubscriptionId, now: DateTime<Utc>) -> Result<(), BillingError> {
        let mut row = store::find(&tx, id).await?.ok_or(BillingError::Missing)?;
        let at = row.state.due(self.settings.patience).ok_or(BillingError::Missing)?;
        let was = row.state.status;
        let effects = row.state.pass(self.settings.patience, at);
        // It happens when it was due, however late this runs: told again, it is told the same.
        let means = self.means(now, at);
        let done = perform(&tx, means, &mut row, Some(was), effects).await?;
        let mut in_hand = None;
        if done.asked.is_some() {
            store::keep_for_answer(&tx, id, self.settings.test_clocks, now).await?;
            // Before others can see the row, who then wait for the answer.
            in_hand = Some(self.asking.begin(id, row.workspace_id));
        }
        tx.commit().await?;
        self.follow(&done).await;
        let outcome = match done.asked {
            Some(asked) => self.ask(&row, asked, at).await,
            None => Ok(()),
        };
        drop(in_hand);
        outcome
    }

    /// Asks for money and notes the answer. Without one, it is asked again later.
    async fn ask(&self, row: &Subscription, asked: Asked, at: DateTime<Utc>) -> Result<(), BillingError> {
        let Asked { bill, attempt } = asked;
        let Some(invoice) = invoices::of_bill(&self.system.db(), row.id, bill).await? else { return Ok(()) };
        let payer = row.user_id.map_or(row.workspace_id.0, |user| user.0);
        let (amount, currency) = (invoice.total, invoice.currency.clone());
        let charge = Charge { invoice: invoice.id, attempt, payer, amount, currency };
        match self.gateway.charge(&charge).await {
            Ok(outcome) => self.note(row.id, (bill, attempt), outcome, at).await,
            Err(unanswered) => {
                tracing::warn!(invoice = %charge.invoice, %unanswered, "asked for again later");
                Ok(())
            }
        }
    }

    async fn note(
        &self,
        id: SubscriptionId,
        (bill, attempt): (u32, u32),
        outcome: Outcome,
        at: DateTime<Utc>,
    ) -> Result<(), BillingError> {
        let now = self.clock.now();
        let tx = self.system.begin().await?;
        let Some(mut row) = store::lock(&tx, id).await? else { return Ok(()) };
        let (was, means) = (row.state.status, self.means(now, at));
        let patience = self.settings.patience;
        let effects = match outcome {
            Outcome::Paid => {
                if !invoices::pay_bill(&tx, means, id, bill).await? {
                    // It was taken back while it was paid: somebody has to give the money back.
                    tracing::error!(subscription = %id, bill, "paid after it was taken back");
                    let event = Event::new("billing.payment_too_late", "subscription", id.0, now);
                    tx.announce(event.in_workspace(row.workspace_id).fact("bill", json!(bill))).await?;
                }
                row.state.paid(bill, at)
            }
            Outcome::Declined => row.state.declined(bill, attempt, patience, at),
            Outcome::Pending => row.state.pending(bill, attempt, at),
        };
        let done = perform(&tx, means, &mut row, Some(was), effects).await?;
        tx.commit().await?;
        self.follow(&done).await;
        Ok(())
    }

    /// Gives or takes the role at once. Should that fail, the event does it later.
    pub(crate) async fn follow(&self, done: &Done) {
        if let Some(grant) = &done.grant
            && let Err(error) = self.roles.settle(grant).await
        {
            tracing::warn!(%error, "a plan's role waits for its event");
        }
        if let Some(seats) = &done.seats
            && let Err(error) = self.roles.settle_seats(seats).await
        {
            tracing::warn!(%error, "a plan's room for members waits for its event");
        }
        if let Some(limits) = &done.limits
            && let Err(error) = self.counting.settle(limits).await
        {
            tracing::warn!(%error, "what a plan bounds waits for its event");
        }
    }

    pub(crate) fn means(&self, now: DateTime<Utc>, at: DateTime<Utc>) -> Means<'_> {
        Means { ledger: &self.ledger, patience: self.settings.patience, now, at, actor: None }
    }

    /// Somebody belongs to the workspace no more: what they subscribed to there ends with its period, since they can't
    /// end it themselves.
    pub(crate) async fn left(&self, workspace: WorkspaceId, user: UserId) -> Result<(), BillingError> {
        let now = self.clock.now();
        let tx = self.system.begin().await?;
        let Some(mut row) = store::lock_of_member(&tx, workspace, user).await? else { return Ok(()) };
        let at = self.billing_time(&tx, workspace, now).await?;
        self.catch_up(&tx, &mut row, now, at).await?;
        let was = row.state.status;
        let effects = row.state.cancel(false, at);
        let done = perform(&tx, self.means(now, at), &mut row, Some(was), effects).await?;
        tx.commit().await?;
        self.follow(&done).await;
        Ok(())
    }
}
