//! What operations add up to, as the ledger says.

use std::collections::{BTreeMap, HashMap};

use billing::Selection;
use kernel::{
    guard::{Permit, Tenant},
    ids::{ProjectId, WorkspaceId},
};

use super::Finances;
use crate::{
    actions::{OfProject, ViewReport, ViewWorkspaceReport},
    dto::{CurrencyTotal, Group, GroupBy, GroupProject, Month, Report, ReportFilter},
    error::ProjectError,
    money::{Figures, reckon},
    store,
};

/// Keys and names of projects.
type Names = HashMap<ProjectId, (String, String)>;

impl Finances {
    /// What a project's operations add up to.
    pub(crate) async fn report(
        &self,
        permit: &Permit<ViewReport>,
        filter: ReportFilter,
    ) -> Result<Report, ProjectError> {
        let (project, workspace) = (permit.target().project(), permit.target().workspace());
        let currency = match (&filter.currency, permit.target().settings()) {
            (Some(currency), _) => currency.0.clone(),
            (None, Some(settings)) => settings.currency.clone(),
            (None, None) => self.default_currency(workspace).await?,
        };
        let names = Names::from([(project.id, (project.key.clone(), project.name.clone()))]);
        let groups = self.groups(workspace, Some(project.id), &filter).await?;
        Ok(report(workspace, Some(project.id), filter, currency, groups, &names))
    }

    /// What the operations of all projects of a workspace add up to.
    pub(crate) async fn workspace_report(
        &self,
        permit: &Permit<ViewWorkspaceReport>,
        filter: ReportFilter,
    ) -> Result<Report, ProjectError> {
        let workspace = permit.workspace();
        let currency = match &filter.currency {
            Some(currency) => currency.0.clone(),
            None => self.default_currency(workspace).await?,
        };
        let groups = self.groups(workspace, None, &filter).await?;
        let projects: Vec<ProjectId> = groups.keys().filter_map(|(_, _, owner)| owner.map(ProjectId)).collect();
        let mut names = Names::new();
        if !projects.is_empty() {
            let rows = store::money::names(&permit.db(), workspace, &projects).await?;
            names.extend(rows.into_iter().map(|(id, key, name)| (id, (key, name))));
        }
        Ok(report(workspace, None, filter, currency, groups, &names))
    }

    async fn groups(
        &self,
        workspace: WorkspaceId,
        project: Option<ProjectId>,
        filter: &ReportFilter,
    ) -> Result<Groups, ProjectError> {
        let selection = Selection {
            owner: project.map(|project| project.0),
            currency: filter.currency.as_ref().map(|currency| currency.0.clone()),
            from: filter.from,
            to: filter.to,
            as_of: filter.as_of.map(|as_of| as_of.0),
            by_month: filter.group_by == Some(GroupBy::Month),
            by_owner: filter.group_by == Some(GroupBy::Project),
        };
        Ok(reckon(self.ledger.totals(workspace, &selection).await?))
    }
}

type Groups = BTreeMap<(String, Option<chrono::NaiveDate>, Option<uuid::Uuid>), Figures>;

fn report(
    workspace: WorkspaceId,
    project: Option<ProjectId>,
    filter: ReportFilter,
    currency: String,
    groups: Groups,
    names: &Names,
) -> Report {
    let mut by_currency: BTreeMap<String, Figures> = BTreeMap::new();
    for ((currency, ..), figures) in &groups {
        let total = by_currency.entry(currency.clone()).or_default();
        *total = total.and(*figures);
    }
    let total = by_currency.get(&currency).copied().unwrap_or_default();
    let groups = groups.into_iter().filter(|_| filter.group_by.is_some());
    Report {
        workspace_id: workspace,
        project_id: project,
        from: filter.from,
        to: filter.to,
        as_of: filter.as_of.map(|as_of| as_of.0),
        group_by: filter.group_by,
        total: CurrencyTotal::new(currency, total),
        totals: by_currency.into_iter().map(|(currency, figures)| CurrencyTotal::new(currency, figures)).collect(),
        groups: groups
            .map(|((currency, month, owner), figures)| Group {
                month: month.map(|month| Month(month).to_string()),
                project: owner.map(|owner| {
                    let (key, name) = names.get(&ProjectId(owner)).cloned().unwrap_or_default();
                    GroupProject { id: ProjectId(owner), key, name }
                }),
                total: CurrencyTotal::new(currency, figures),
            })
            .collect(),
    }
}
