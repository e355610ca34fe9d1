//! What can be asked about projects: who may do what with them, and how many a change of roles touches.

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
        AddMember, DeleteProject, EditProject, ManageBilling, OfProject, ProjectTarget, RecordOperation,
        ReverseOperation, ViewOperation, ViewOperations, ViewProject, ViewProjectAudit, ViewReport,
    },
    store,
};

/// Projects, as questions of authority name them.
pub const PROJECTS: Kind = Kind::of::<ProjectTarget, Schema>(
    "project",
    "id",
    &[
        Ask::of::<ViewProject>(),
        Ask::of::<EditProject>(),
        Ask::of::<DeleteProject>(),
        Ask::of::<AddMember>(),
        Ask::of::<ManageBilling>(),
        Ask::of::<ViewOperations>(),
        Ask::of::<RecordOperation>(),
        Ask::of::<ViewReport>(),
        Ask::of::<ViewProjectAudit>(),
    ],
);

/// Financial operations of projects, as questions of authority name them.
pub const OPERATIONS: Kind =
    Kind::forward("operation", "id", &[Ask::of::<ViewOperation>(), Ask::of::<ReverseOperation>()]);

impl Subject for ProjectTarget {
    async fn related(&self, db: &Conn<'_>) -> Result<Vec<(UserId, Relation)>, DbErr> {
        let project = self.project();
        let parts = store::participants(db, project).await?.into_iter();
        let others = parts.filter(|user| *user != project.owner_id).map(|user| (user, Relation::Assigned));
        Ok(others.chain([(project.owner_id, Relation::Own)]).collect())
    }

    async fn count(db: &Conn<'_>, workspace: WorkspaceId, span: &Span<'_>) -> Result<u64, DbErr> {
        store::count_touched(db, workspace, span).await
    }
}
