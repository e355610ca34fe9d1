//! Pages of people. Who belongs where is another domain's, who they are is ours; a page is made of both.
//!
//! Memberships hand out ids in the order of the list, and accounts filter them, batch by batch, until the page is full
//! or there are no more. Every person is looked at exactly once over all pages, because a page goes on where the one
//! before ended, so pages are complete whatever happens in between. Without a filter a page is one batch of just its
//! size; with one, most workspaces are a single batch.

use kernel::{guard::Scoped, ids::UserId, page::Page};

use super::Accounts;
use crate::{
    actions::ListAccounts, dto::UserView, entity::user, error::AccountsError, permissions::CAN_VIEW_USERS,
    ports::Direction, store::people, store::people::Slice,
};

/// How many people are looked at in one go when some may be filtered out.
const BATCH: u64 = 5_000;
/// How many people are counted at most.
const MOST_COUNTED: u64 = 10_000;

impl Accounts {
    /// The people that the caller may list.
    pub(crate) async fn list(&self, scoped: &Scoped<ListAccounts>) -> Result<Page<UserView>, AccountsError> {
        let paging = scoped.paging();
        let direction = if paging.sort().starts_with('-') { Direction::NewestFirst } else { Direction::OldestFirst };
        let slice = Slice { after: paging.after()?, direction, limit: paging.limit() + 1 };
        let reach = scoped.reach(&CAN_VIEW_USERS);
        let count = if paging.wants_count() { Some(self.count(scoped).await?) } else { None };
        if reach.everywhere {
            let page = paging.page(people::everyone(scoped, &slice).await?, |row| row.id)?;
            return Ok(Page { count, ..page.map(UserView::full) });
        }
        let page = paging.page(self.members(scoped, slice).await?, |row| row.id)?;
        let page = page.map(|row| {
            let place = row.created_via.filter(|via| reach.any.contains(via));
            UserView::seen(row, true, place)
        });
        Ok(Page { count, ..page })
    }

    /// How many there are on all pages, up to a cap.
    async fn count(&self, scoped: &Scoped<ListAccounts>) -> Result<u64, AccountsError> {
        let reach = scoped.reach(&CAN_VIEW_USERS);
        if reach.everywhere {
            return Ok(people::count_everyone(scoped, MOST_COUNTED).await?);
        }
        let (mut counted, mut after) = (0, None);
        loop {
            let ids = self.memberships.people(&reach.any, after, Direction::OldestFirst, BATCH).await?;
            counted += people::count_among(scoped, &ids, MOST_COUNTED).await?;
            if counted >= MOST_COUNTED || (ids.len() as u64) < BATCH {
                return Ok(counted.min(MOST_COUNTED));
            }
            after = ids.last().copied();
        }
    }

    async fn members(
        &self,
        scoped: &Scoped<ListAccounts>,
        mut slice: Slice,
    ) -> Result<Vec<user::Model>, AccountsError> {
        let workspaces = scoped.reach(&CAN_VIEW_USERS).any;
        let filter = scoped.filter();
        let batch = if filter.search.is_some() || filter.status.is_some() { BATCH } else { slice.limit };
        let mut found = Vec::new();
        loop {
            let ids: Vec<UserId> = self.memberships.people(&workspaces, slice.after, slice.direction, batch).await?;
            let passing = people::among(scoped, &ids, &slice).await?;
            slice.limit = slice.limit.saturating_sub(passing.len() as u64);
            found.extend(passing);
            if slice.limit == 0 || (ids.len() as u64) < batch {
                return Ok(found);
            }
            slice.after = ids.last().copied();
        }
    }
}
