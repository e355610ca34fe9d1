//! A workspace that no other transaction can change meanwhile.

use kernel::ids::WorkspaceId;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

use crate::entity::workspace;

/// A workspace whose row is locked until the transaction ends. Members and roles are changed only below one.
#[derive(Debug)]
pub(crate) struct Locked<'t, C> {
    /// The transaction.
    pub tx: &'t C,
    /// The workspace as it is.
    pub workspace: workspace::Model,
}

impl<'t, C: ConnectionTrait> Locked<'t, C> {
    /// Locks the workspace; `None` if there is none of this id, or it is deleted.
    pub(crate) async fn take(tx: &'t C, id: WorkspaceId) -> Result<Option<Self>, DbErr> {
        let find = workspace::Entity::find_by_id(id).filter(workspace::Column::DeletedAt.is_null());
        let row = find.lock_exclusive().one(tx).await?;
        Ok(row.map(|workspace| Self { tx, workspace }))
    }

    /// The same, also of a workspace that is deleted and can be brought back.
    pub(crate) async fn take_even_deleted(tx: &'t C, id: WorkspaceId) -> Result<Option<Self>, DbErr> {
        let row = workspace::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
        Ok(row.map(|workspace| Self { tx, workspace }))
    }

    /// Which one.
    pub(crate) fn id(&self) -> WorkspaceId {
        self.workspace.id
    }
}
