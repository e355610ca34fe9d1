//! What can be asked about workspaces, members and roles.

use kernel::{
    db::Conn,
    grant::Relation,
    guard::{Ask, Kind, Span, Subject},
    ids::{UserId, WorkspaceId},
};
use sea_orm::DbErr;

use crate::{
    Schema,
    actions::{
        DeleteWorkspace, EditMember, EditRole, EditWorkspace, TransferWorkspace, ViewMember, ViewRole, ViewWorkspace,
    },
    store::{self, roles::RoleRow, workspaces::WorkspaceRow},
    targets::MemberTarget,
};

/// The workspace itself, as questions of authority name it.
pub const WORKSPACES: Kind = Kind::of::<WorkspaceRow, Schema>(
    "workspace",
    "id",
    &[
        Ask::of::<ViewWorkspace>(),
        Ask::of::<EditWorkspace>(),
        Ask::of::<DeleteWorkspace>(),
        Ask::of::<TransferWorkspace>(),
    ],
);

/// Memberships, by the member's id.
pub const MEMBERS: Kind =
    Kind::of::<MemberTarget, Schema>("member", "user_id", &[Ask::of::<ViewMember>(), Ask::of::<EditMember>()]);

/// Roles.
pub const ROLES: Kind = Kind::of::<RoleRow, Schema>("role", "id", &[Ask::of::<ViewRole>(), Ask::of::<EditRole>()]);

impl Subject for WorkspaceRow {
    /// Who isn't its owner takes part in it.
    const OTHERS: Relation = Relation::Assigned;

    async fn related(&self, _: &Conn<'_>) -> Result<Vec<(UserId, Relation)>, DbErr> {
        Ok(vec![(self.owner_id, Relation::Own)])
    }

    async fn count(db: &Conn<'_>, workspace: WorkspaceId, span: &Span<'_>) -> Result<u64, DbErr> {
        let owner = store::workspaces::owner(db, workspace).await?;
        let stands = |user: &UserId| Relation::of(Some(*user) == owner, true);
        Ok(u64::from(span.users.iter().any(|user| span.contains(stands(user)))))
    }
}

impl Subject for MemberTarget {
    async fn related(&self, _: &Conn<'_>) -> Result<Vec<(UserId, Relation)>, DbErr> {
        Ok(vec![(self.0.user_id, Relation::Own)])
    }

    async fn count(db: &Conn<'_>, workspace: WorkspaceId, span: &Span<'_>) -> Result<u64, DbErr> {
        if span.users.is_empty() {
            return Ok(0);
        }
        let all = store::members::count_all(db, workspace).await?;
        Ok(match (span.contains(Relation::Own), span.contains(Relation::Other), span.users) {
            (false, true, [_]) => all.saturating_sub(1),
            (_, true, _) => all,
            (true, false, users) => users.len() as u64,
            (false, false, _) => 0,
        })
    }
}

impl Subject for RoleRow {
    async fn related(&self, _: &Conn<'_>) -> Result<Vec<(UserId, Relation)>, DbErr> {
        Ok(Vec::new())
    }

    async fn count(db: &Conn<'_>, workspace: WorkspaceId, span: &Span<'_>) -> Result<u64, DbErr> {
        if span.users.is_empty() || !span.contains(Relation::Other) {
            return Ok(0);
        }
        Ok(store::roles::of(db, workspace).await?.len() as u64)
    }
}
