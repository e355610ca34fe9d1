//! The versions that a role has had.

use kernel::{guard::Permit, http::Paging, page::Page, problem::Problem};

use super::Workspaces;
use crate::{
    actions::ViewRoleHistory,
    dto::{RoleFilter, RoleVersionView},
    store,
};

impl Workspaces {
    /// A role's versions, the current one first.
    pub(crate) async fn role_history(
        &self,
        permit: &Permit<ViewRoleHistory>,
        paging: &Paging<RoleFilter>,
    ) -> Result<Page<RoleVersionView>, Problem> {
        let after = paging.after::<i32>()?;
        let rows = store::role_versions::list(permit, after, paging.limit() + 1).await?;
        let current = permit.target().version;
        Ok(paging.page(rows, |row| row.version)?.map(|row| RoleVersionView::of(row, current)))
    }
}
