//! Pages of workspaces, members and roles.

use chrono::{DateTime, Utc};
use kernel::{
    guard::{Permit, Scoped},
    http::Paging,
    ids::{RoleId, UserId, WorkspaceId},
    page::Page,
    problem::Problem,
};

use super::Workspaces;
use crate::{
    actions::{AllRoles, ListMembers, ListMine, ListRoles},
    dto::{MemberFilter, MemberView, MineFilter, RoleFilter, RoleView, WorkspaceView},
    store,
};

impl Workspaces {
    /// The caller's workspaces.
    pub(crate) async fn mine(
        &self,
        permit: &Permit<ListMine>,
        paging: &Paging<MineFilter>,
    ) -> Result<Page<WorkspaceView>, Problem> {
        let after = paging.after::<WorkspaceId>()?;
        let rows = store::workspaces::mine(permit, after, paging.limit() + 1).await?;
        let mut page = paging.page(rows, |row| row.id)?.map(WorkspaceView::from);
        if paging.wants_count() {
            page.count = Some(store::workspaces::count_mine(permit).await?);
        }
        Ok(page)
    }

    /// A workspace's members.
    pub(crate) async fn members(
        &self,
        permit: &Permit<ListMembers>,
        paging: &Paging<MemberFilter>,
    ) -> Result<Page<MemberView>, Problem> {
        let after = paging.after::<(DateTime<Utc>, UserId)>()?;
        let rows = store::members::list(permit, paging.filter(), after, paging.limit() + 1).await?;
        let page = paging.page(rows, |row| (row.joined_at, row.user_id))?;
        let items = self.member_views(permit, page.items).await?;
        let mut page = Page { items, next: page.next, count: None };
        if paging.wants_count() {
            page.count = Some(store::members::count(permit, paging.filter()).await?);
        }
        Ok(page)
    }

    /// A workspace's roles.
    pub(crate) async fn roles_in(
        &self,
        permit: &Permit<ListRoles>,
        paging: &Paging<RoleFilter>,
    ) -> Result<Page<RoleView>, Problem> {
        let after = paging.after::<(DateTime<Utc>, RoleId)>()?;
        let rows = store::roles::list_in(permit, after, paging.limit() + 1).await?;
        let mut page = paging.page(rows, |row| (row.created_at, row.id))?.map(|row| self.role_view(row));
        if paging.wants_count() {
            page.count = Some(store::roles::count_in(permit).await?);
        }
        Ok(page)
    }

    /// The roles of all of the caller's workspaces.
    pub(crate) async fn roles(&self, scoped: &Scoped<AllRoles>) -> Result<Page<RoleView>, Problem> {
        let paging = scoped.paging();
        let after = paging.after::<(DateTime<Utc>, RoleId)>()?;
        let rows = store::roles::list(scoped, after, paging.limit() + 1).await?;
        let mut page = paging.page(rows, |row| (row.created_at, row.id))?.map(|row| self.role_view(row));
        if paging.wants_count() {
            page.count = Some(store::roles::count(scoped).await?);
        }
        Ok(page)
    }
}
