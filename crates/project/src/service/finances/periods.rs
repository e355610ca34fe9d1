//! Closing months and reopening them.

use kernel::{
    guard::Permit,
    http::{Paging, Tagged, etag_of},
    outbox::Event,
    page::Page,
};

use super::Finances;
use crate::{
    actions::{Switched, ViewPeriods},
    dto::{Month, PeriodFilter, PeriodView},
    error::ProjectError,
    events, store,
};

impl Finances {
    /// A page of the months that are closed, or were once.
    pub(crate) async fn periods(
        &self,
        permit: &Permit<ViewPeriods>,
        paging: &Paging<PeriodFilter>,
    ) -> Result<Page<PeriodView>, ProjectError> {
        let rows = store::periods::list(permit, paging, paging.after()?).await?;
        Ok(paging.page(rows, |row| row.month)?.map(PeriodView::from))
    }

    /// Closes a month, or reopens it. Waits for whoever is recording an operation: those that are answered are in it, and
    /// no other comes. One that is so already stays as it is; reopening one that was never closed is not found.
    pub(crate) async fn switch_period<A: Switched>(
        &self,
        permit: &Permit<A>,
        month: Month,
    ) -> Result<Tagged<PeriodView>, ProjectError> {
        let tx = permit.begin().await?;
        store::periods::lock(&tx).await?;
        let before = store::periods::find(&tx, month).await?;
        if before.is_none() && !A::TO_CLOSED {
            return Err(ProjectError::Missing);
        }
        if let Some(before) = before {
            tx.check_version(&etag_of(before.version))?;
            if before.is_closed == A::TO_CLOSED {
                return Ok(Tagged::new(before.version, before.into()));
            }
        }
        let after = store::periods::switch(&tx, month).await?;
        let action = if A::TO_CLOSED { events::PERIOD_CLOSED } else { events::PERIOD_REOPENED };
        let event = Event::new(action, events::PERIOD, after.id, after.changed_at);
        tx.announce(event.in_workspace(permit.workspace()).fact("month", month.to_string())).await?;
        let reply = Tagged::new(after.version, PeriodView::from(after));
        tx.commit_with(&reply).await?;
        Ok(reply)
    }
}
