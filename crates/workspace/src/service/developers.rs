//! The directory of developers. Who is listed is this domain's, who they are another's, what they work on a third's; a
//! page is made of the three, with one question to each.
//!
//! This domain hands out ids in the order of the list and accounts filter them by their names, batch by batch, until the
//! page is full or there are no more. A page goes on where the one before ended, so every developer is looked at exactly
//! once over all pages, whatever happens in between. Without a search a page is one batch of just its size.

use std::collections::HashMap;

use kernel::{
    guard::{Permit, Scoped},
    ids::{UserId, WorkspaceId},
    page::Page,
    problem::Problem,
};

use super::Workspaces;
use crate::{
    actions::{Developers, ViewDeveloper},
    dto::DeveloperView,
    error::WorkspaceError,
    permissions::CAN_VIEW_DEVELOPERS,
    ports::PublicProfile,
    store::directory::{self, ListedRow, Wanted},
};

/// How many are looked at in one go when some may be filtered out.
const BATCH: u64 = 5_000;

impl Workspaces {
    /// The developers of the caller's workspaces, each once, by the age of their accounts.
    pub(crate) async fn developers(&self, scoped: &Scoped<Developers>) -> Result<Page<DeveloperView>, Problem> {
        let (paging, filter) = (scoped.paging(), scoped.filter());
        let reach = scoped.reach(&CAN_VIEW_DEVELOPERS);
        let people = match filter.project {
            Some(project) => Some(self.portfolios.people_of(scoped.caller(), project).await?),
            None => None,
        };
        let words = filter.search.as_deref().filter(|words| !words.trim().is_empty());
        let wanted = Wanted {
            workspaces: (!reach.everywhere).then_some(reach.any.as_slice()),
            people: people.as_deref(),
            verified: filter.verified,
            after: paging.after::<UserId>()?,
            limit: paging.limit() + 1,
        };
        let found = self.found(scoped, wanted, words).await?;
        let page = paging.page(found, |(row, _)| row.user_id)?;
        let items = self.developer_views(scoped.caller(), page.items).await?;
        Ok(Page { items, next: page.next, count: None })
    }

    async fn found(
        &self,
        scoped: &Scoped<Developers>,
        mut wanted: Wanted<'_>,
        words: Option<&str>,
    ) -> Result<Vec<(ListedRow, PublicProfile)>, WorkspaceError> {
        let mut missing = wanted.limit;
        wanted.limit = if words.is_some() { BATCH } else { missing };
        let mut found = Vec::new();
        loop {
            let rows = directory::list(&scoped.db(), &wanted, scoped.now()).await?;
            let ids: Vec<UserId> = rows.iter().map(|row| row.user_id).collect();
            let mut rows: HashMap<UserId, ListedRow> = rows.into_iter().map(|row| (row.user_id, row)).collect();
            let profiles = self.people.profiles(&ids, words, missing).await?;
            missing = missing.saturating_sub(profiles.len() as u64);
            found.extend(profiles.into_iter().filter_map(|profile| Some((rows.remove(&profile.user)?, profile))));
            if missing == 0 || (ids.len() as u64) < wanted.limit {
                return Ok(found);
            }
            wanted.after = ids.last().copied();
        }
    }

    /// One developer.
    pub(crate) async fn developer(&self, permit: &Permit<ViewDeveloper>) -> Result<DeveloperView, WorkspaceError> {
        let row = permit.target().0.clone();
        let profile = self.people.profiles(&[row.user_id], None, 1).await?.pop().ok_or(WorkspaceError::NotFound)?;
        let views = self.developer_views(permit.caller(), vec![(row, profile)]).await?;
        views.into_iter().next().ok_or(WorkspaceError::NotFound)
    }

    async fn developer_views(
        &self,
        viewer: UserId,
        listed: Vec<(ListedRow, PublicProfile)>,
    ) -> Result<Vec<DeveloperView>, WorkspaceError> {
        let people: Vec<UserId> = listed.iter().map(|(row, _)| row.user_id).collect();
        let places = listed.iter().flat_map(|(row, _)| row.places.iter().map(|place| place.workspace_id));
        let mut workspaces: Vec<WorkspaceId> = places.collect();
        workspaces.sort();
        workspaces.dedup();
        let mut projects = self.portfolios.projects_of(viewer, &people, &workspaces).await?;
        let view = |(row, profile): (ListedRow, PublicProfile)| {
            let theirs = projects.remove(&row.user_id).unwrap_or_default();
            DeveloperView::of(row, profile, theirs)
        };
        Ok(listed.into_iter().map(view).collect())
    }
}
