//! How a project is billed.

use kernel::{
    guard::{Permit, Tenant},
    http::{Tagged, etag_of},
    outbox::Event,
};

use super::Finances;
use crate::{
    actions::{ManageBilling, OfProject, ViewBilling},
    dto::{BillingContent, BillingKind, BillingView},
    error::ProjectError,
    events,
    money::Settings,
    service::require_active,
    store,
};

impl Finances {
    /// How a project is billed, as the guard loaded it.
    pub(crate) async fn billing(&self, permit: &Permit<ViewBilling>) -> Result<Tagged<BillingView>, ProjectError> {
        let target = permit.target();
        let settings = target.settings().cloned();
        let default = match &settings {
            Some(settings) => settings.currency.clone(),
            None => self.default_currency(target.workspace()).await?,
        };
        let view = BillingView::of(target.project().id, settings, &default);
        Ok(Tagged::new(view.version, view))
    }

    /// Says how a project is billed from now on. Waits until whoever records an operation of it has committed, so that
    /// what is used up of a new budget is counted exactly.
    pub(crate) async fn set_billing(
        &self,
        permit: &Permit<ManageBilling>,
        content: BillingContent,
    ) -> Result<Tagged<BillingView>, ProjectError> {
        let default = match (&content.currency, permit.target().settings()) {
            (Some(currency), _) => currency.clone(),
            (None, Some(settings)) => settings.currency.clone(),
            (None, None) => self.default_currency(permit.target().workspace()).await?,
        };
        let tx = permit.begin().await?;
        let project = store::lock(&tx).await?;
        require_active(&project)?;
        let before = store::money::settings(&tx).await?;
        tx.check_version(&etag_of(before.as_ref().map_or(0, |before| before.version)))?;
        let currency = match (&content.currency, &before) {
            (None, Some(before)) => before.currency.clone(),
            _ => default,
        };
        let changes_currency = before.as_ref().is_some_and(|before| before.currency != currency);
        if changes_currency && store::money::has_operations(&tx).await? {
            return Err(ProjectError::CurrencyInUse);
        }
        if let Some(before) = before.as_ref().filter(|before| is_same(before, &content, &currency)) {
            let view = BillingView::of(project.id, Some(before.clone()), &currency);
            return Ok(Tagged::new(view.version, view));
        }
        let after = store::money::save_settings(&tx, &content, &currency).await?;
        tx.announce(changed(before.as_ref(), &after, project.id.0)).await?;
        tx.commit().await?;
        let view = BillingView::of(project.id, Some(after), &currency);
        Ok(Tagged::new(view.version, view))
    }
}

fn is_same(before: &Settings, content: &BillingContent, currency: &str) -> bool {
    (before.kind, before.rate, before.budget) == (Some(content.kind), content.rate, content.limit)
        && before.currency == currency
}

fn changed(before: Option<&Settings>, after: &Settings, project: uuid::Uuid) -> Event {
    let kind = |settings: &Settings| settings.kind.map(BillingKind::as_str);
    Event::new(events::BILLING_CHANGED, events::RESOURCE, project, after.updated_at)
        .field("type", before.and_then(kind), kind(after))
        .field("rate", before.and_then(|before| before.rate), after.rate)
        .field("limit", before.and_then(|before| before.budget), after.budget)
        .field("currency", before.map(|before| before.currency.as_str()), after.currency.as_str())
}
