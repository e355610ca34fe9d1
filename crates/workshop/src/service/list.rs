//! The list of workshops.

use kernel::{
    guard::Scoped,
    listing::{Named, PersonRef, Position},
    page::Page,
};

use super::Workshops;
use crate::{
    actions::WorkshopList,
    dto::WorkshopView,
    error::WorkshopError,
    store::{self, Wanted},
    visibility::Shown,
};

impl Workshops {
    /// A page of what the caller may see and asked for.
    pub async fn list(&self, scoped: &Scoped<WorkshopList>) -> Result<Page<WorkshopView>, WorkshopError> {
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
        let now = scoped.now();
        Ok(Page { count, ..page.map(|ranked| WorkshopView::of(ranked.row, now)) })
    }

    /// What to ask the store for; `None` where nothing can match.
    async fn wanted(&self, scoped: &Scoped<WorkshopList>) -> Result<Option<Wanted>, WorkshopError> {
        let shown: Vec<Shown> =
            scoped.rights().map(|right| Shown::by(&right)).filter(|shown| !shown.is_nothing()).collect();
        if shown.is_empty() {
            return Ok(None);
        }
        let find = async |username: &str| self.members.id_of_username(username).await;
        Ok(match PersonRef::resolve(scoped.filter().creator.as_ref(), find).await? {
            Named::Nobody => None,
            creator => Some(Wanted { shown, creator: creator.person() }),
        })
    }
}
