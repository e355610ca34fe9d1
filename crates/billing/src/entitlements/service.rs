//! What somebody may use, and how much of it is used.

use std::{collections::BTreeMap, sync::Arc};

use kernel::{
    bounds::Word,
    db::{Databases, System},
    grant::{Limit, Permission},
    guard::{Listing, Scoped},
    ids::{UserId, WorkspaceId},
    problem::Problem,
};
use sea_orm::DbErr;

use super::{
    Bound, Bounds, EntitledLimit, EntitlementsView,
    store::{self, InForce},
};
use crate::{
    Schema,
    permissions::CAN_VIEW_SUBSCRIPTIONS,
    plans::LIMITS,
    ports::{Usage, Used},
    problems::BillingError,
};

/// The caller's entitlements in a workspace.
#[derive(Debug)]
pub struct EntitlementsOf;

/// Nothing but the workspace is asked for.
#[derive(Clone, Copy, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NoFilter {}

impl Listing for EntitlementsOf {
    type Module = Schema;
    type Filter = NoFilter;
    const PERMISSION: &'static Permission = &CAN_VIEW_SUBSCRIPTIONS;
    const SORTS: &'static [&'static str] = &["key"];
}

/// What plans bound, for those who let it be used.
#[derive(Clone)]
pub struct Entitlements {
    system: System<Schema>,
    usage: Arc<dyn Usage>,
}

impl std::fmt::Debug for Entitlements {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Entitlements")
    }
}

impl Entitlements {
    /// The service, with what it asks about what is used.
    pub fn new(databases: &Databases, usage: Arc<dyn Usage>) -> Self {
        Self { system: databases.system("entitlements"), usage }
    }

    /// What is to be told of `key` for `user` in the workspace. Asked before the transaction that counts, which must not wait for a
    /// second connection, and in which it is held against what is known there (`kernel::bounds`).
    pub async fn told(&self, workspace: WorkspaceId, user: UserId, key: &str) -> Result<Vec<Word>, DbErr> {
        let plans = store::in_force(&self.system.db(), workspace, user).await?;
        Ok(plans.iter().map(|plan| plan.word(key)).collect())
    }

    /// All that the caller may use.
    pub(crate) async fn of(&self, scoped: &Scoped<EntitlementsOf>) -> Result<EntitlementsView, BillingError> {
        let workspace = only_workspace(scoped)?;
        let plans = store::in_force(&scoped.db(), workspace, scoped.caller()).await?;
        let used = self.usage.used(workspace, scoped.caller()).await?;
        let limits = LIMITS.map(|key| {
            let role = scoped.grants(workspace).and_then(|grants| grants.limit(&Limit { key, sentence: "" }));
            (key.to_owned(), nearest(bounds(&plans, key), role, used.get(key).copied().unwrap_or_default()))
        });
        let mut flags: BTreeMap<String, bool> = BTreeMap::new();
        let mut benefits = Vec::new();
        for plan in &plans {
            for (flag, is_set) in plan.features().flags {
                *flags.entry(flag).or_default() |= is_set;
            }
            benefits.extend(plan.benefits());
        }
        let of = |is_workspaces: bool| plans.iter().find(|plan| plan.user_id.is_none() == is_workspaces);
        Ok(EntitlementsView {
            workspace_id: workspace,
            plan: of(false).map(InForce::plan),
            workspace_plan: of(true).map(InForce::plan),
            limits: limits.into(),
            flags,
            benefits,
        })
    }
}

fn bounds(plans: &[InForce], key: &str) -> Bounds {
    let mut bounds = Bounds::default();
    for plan in plans {
        let limit = plan.features().limits.get(key).copied();
        match plan.user_id {
            Some(_) => bounds.plan = limit,
            None => bounds.workspace = limit,
        }
    }
    // How many members there are is nothing that one of them has.
    if key == "max_members" {
        bounds.plan = None;
    }
    bounds
}

/// Of what bounds the member and what bounds all of them, that of which less is left.
fn nearest(bounds: Bounds, role: Option<i64>, used: Used) -> EntitledLimit {
    let mine = bounds.of_member(role).map(|bound| (bound, used.by_member));
    let all = bounds.of_workspace().map(|bound| (bound, used.by_workspace));
    let left = |(bound, used): &(Bound, i64)| bound.value.saturating_sub(*used);
    match [mine, all].into_iter().flatten().min_by_key(left) {
        Some((bound, used)) => EntitledLimit { limit: Some(bound.value), source: Some(bound.source), used },
        None => EntitledLimit { limit: None, source: None, used: used.by_member },
    }
}

fn only_workspace(scoped: &Scoped<EntitlementsOf>) -> Result<WorkspaceId, Problem> {
    if let Some(workspace) = scoped.workspace() {
        return Ok(workspace);
    }
    let reach = scoped.reach(&CAN_VIEW_SUBSCRIPTIONS);
    let mut all = reach.any.iter().chain(&reach.assigned).chain(&reach.own);
    match (all.next(), all.next()) {
        (Some(only), None) => Ok(*only),
        _ => Err(Problem::invalid_field(
            "?workspace",
            "workspace_required",
            "Name the workspace; it may be left out only by someone who belongs to exactly one.",
        )),
    }
}
