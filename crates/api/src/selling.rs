//! What sells plans, and what tells what may be used by them.

use std::sync::Arc;

use actix_web::web::{Data, ServiceConfig};
use billing::{BillingSettings, Entitlements, Invoices, Patience, Plans, Subscriptions};
use gallery::Storage;
use kernel::{clock::Clock, db::Databases};
use project::Portfolio;
use workspace::{Enrolling, Standings};

use crate::{
    adapters::{
        gateways::{Fake, Manual},
        plans::{PlanLimits, PlanRoles, PlanUsage},
    },
    settings::{GatewayKind, Profile, Settings},
};

/// The services. Clones share everything.
#[derive(Clone, Debug)]
pub(crate) struct Selling {
    pub(crate) plans: Data<Plans>,
    pub(crate) subscriptions: Data<Subscriptions>,
    pub(crate) invoices: Data<Invoices>,
    pub(crate) entitlements: Data<Entitlements>,
    pub(crate) limits: PlanLimits,
    pub(crate) enrolling: Arc<Enrolling>,
    pub(crate) fake: Fake,
}

impl Selling {
    /// Makes them.
    pub(crate) fn new(
        settings: &Settings,
        databases: &Databases,
        enrolling: &Arc<Enrolling>,
        standings: &Arc<Standings>,
        clock: &Clock,
    ) -> Self {
        let billing = &settings.billing;
        let roles = Arc::new(PlanRoles::new(Arc::clone(enrolling), Arc::clone(standings)));
        let fake = Fake::default();
        let gateway: Arc<dyn billing::ports::Gateway> = match billing.gateway {
            GatewayKind::Manual => Arc::new(Manual),
            GatewayKind::Fake => Arc::new(fake.clone()),
        };
        let patience = Patience {
            past_due_days: billing.past_due_days,
            grace_days: billing.grace_days,
            retry_days: billing.retry_days,
        };
        let how = BillingSettings { patience, test_clocks: settings.profile == Profile::Development };
        let (portfolio, storage) = (databases.system("plan-limits"), databases.system("plan-limits"));
        let limits = PlanLimits { portfolio: Portfolio::new(portfolio), storage: Storage::new(storage) };
        let heard = (Arc::clone(&roles) as _, Arc::new(limits.clone()) as _);
        let subscriptions = Subscriptions::new(databases, heard, gateway, how, clock.clone());
        let subscriptions = Data::new(subscriptions);
        let usage = PlanUsage {
            portfolio: Portfolio::new(databases.system("usage")),
            storage: Storage::new(databases.system("usage")),
            enrolling: Arc::clone(enrolling),
        };
        Self {
            plans: Data::new(Plans::new(roles)),
            invoices: Data::new(Invoices::new(subscriptions.clone().into_inner())),
            subscriptions,
            entitlements: Data::new(Entitlements::new(databases, Arc::new(usage))),
            limits,
            enrolling: Arc::clone(enrolling),
            fake,
        }
    }

    /// Registers them with a worker.
    pub(crate) fn register(&self, config: &mut ServiceConfig) {
        config
            .app_data(self.plans.clone())
            .app_data(self.subscriptions.clone())
            .app_data(self.invoices.clone())
            .app_data(self.entitlements.clone());
    }
}
