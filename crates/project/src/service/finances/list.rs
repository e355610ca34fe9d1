//! What was recorded.

use kernel::{guard::Permit, http::Paging, http::Tagged, page::Page};

use super::Finances;
use crate::{
    actions::{ViewOperation, ViewOperations},
    dto::{OperationFilter, OperationView},
    error::ProjectError,
    store,
};

impl Finances {
    /// A page of a project's operations. One statement.
    pub(crate) async fn list(
        &self,
        permit: &Permit<ViewOperations>,
        paging: &Paging<OperationFilter>,
    ) -> Result<Page<OperationView>, ProjectError> {
        let rows = store::money::list(permit, paging, paging.after()?).await?;
        Ok(paging.page(rows, |row| (row.recorded_at, row.id))?.map(OperationView::from))
    }

    /// One operation, as the guard loaded it. All that can change of it is that it is taken back.
    pub fn operation(&self, permit: &Permit<ViewOperation>) -> Tagged<OperationView> {
        let operation = permit.target().operation().clone();
        Tagged::new(if operation.reversed_by.is_some() { 2 } else { 1 }, operation.into())
    }
}
