//! The list of projects.

use kernel::{
    guard::{Right, Scoped},
    listing::{Named, PersonRef, Position},
    page::Page,
};

use super::Projects;
use crate::{
    actions::{OfProjects, ProjectList},
    dto::ProjectView,
    error::ProjectError,
    permissions::{CAN_VIEW_PRIVATE_PROJECTS, CAN_VIEW_PROJECTS},
    store::{self, Shown, Wanted},
    visibility::ListRule,
};

impl Projects {
    /// A page of what the caller may see and asked for.
    pub async fn list(&self, scoped: &Scoped<ProjectList>) -> Result<Page<ProjectView>, ProjectError> {
        let paging = scoped.paging();
        let after = paging.after::<Position>()?;
        let (rows, count) = match self.wanted(scoped).await? {
            Some(wanted) => {
                let rows = store::page(scoped, &wanted, after, paging.limit() + 1).await?;
                let count = if paging.wants_count() { Some(store::count(scoped, &wanted).await?) } else { None };
                (rows, count)
            }
            None => (Vec::new(), paging.wants_count().then_some(0)),
        };
        let page = paging.page(rows, |row| Position::of(row, paging.sort()))?;
        Ok(Page { count, ..page.map(|ranked| ProjectView::from(ranked.row)) })
    }

    /// What to ask the store for; `None` where nothing can match.
    pub(super) async fn wanted<L: OfProjects>(&self, scoped: &Scoped<L>) -> Result<Option<Wanted>, ProjectError> {
        let shown = |right: Right<'_, L>| {
            let view = right.reach(&CAN_VIEW_PROJECTS);
            let private = right.reach_of_all(&[&CAN_VIEW_PROJECTS, &CAN_VIEW_PRIVATE_PROJECTS]);
            Shown { rule: ListRule::new(&view, &private), person: right.person() }
        };
        let shown: Vec<Shown> = scoped.rights().map(shown).filter(|shown| !shown.rule.is_nothing()).collect();
        if shown.is_empty() {
            return Ok(None);
        }
        let filter = L::projects(scoped.filter());
        let people = (self.named(filter.developer.as_ref()).await?, self.named(filter.owner.as_ref()).await?);
        Ok(match people {
            (Named::Nobody, _) | (_, Named::Nobody) => None,
            (developer, owner) => Some(Wanted { shown, developer: developer.person(), owner: owner.person() }),
        })
    }

    async fn named(&self, reference: Option<&PersonRef>) -> Result<Named, ProjectError> {
        Ok(PersonRef::resolve(reference, async |username| self.members.id_of_username(username).await).await?)
    }
}
