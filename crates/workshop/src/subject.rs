//! What can be asked about workshops: who may do what with them, and how many a change of roles touches.

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
        AddAttendeePhoto, AddPhoto, CheckIn, DeletePhotos, DeleteWorkshop, EditWorkshop, Favor, Notify, OfWorkshop,
        Register, ViewAttendeePhotos, ViewAttendees, ViewStats, ViewWorkshop, WorkshopTarget,
    },
    store,
};

/// Workshops, as questions of authority name them.
pub const WORKSHOPS: Kind = Kind::of::<WorkshopTarget, Schema>(
    "workshop",
    "id",
    &[
        Ask::of::<ViewWorkshop>(),
        Ask::of::<EditWorkshop>(),
        Ask::of::<DeleteWorkshop>(),
        Ask::of::<Register>(),
        Ask::of::<ViewAttendees>(),
        Ask::of::<CheckIn>(),
        Ask::of::<Favor>(),
        Ask::of::<ViewStats>(),
        Ask::of::<Notify>(),
        Ask::of::<AddPhoto>(),
        Ask::of::<DeletePhotos>(),
        Ask::of::<AddAttendeePhoto>(),
        Ask::of::<ViewAttendeePhotos>(),
    ],
);

impl Subject for WorkshopTarget {
    async fn related(&self, db: &Conn<'_>) -> Result<Vec<(UserId, Relation)>, DbErr> {
        let workshop = self.workshop();
        let parts = store::workshops::participants(db, workshop).await?.into_iter();
        let others = parts.filter(|user| *user != workshop.creator_id).map(|user| (user, Relation::Assigned));
        Ok(others.chain([(workshop.creator_id, Relation::Own)]).collect())
    }

    async fn count(db: &Conn<'_>, workspace: WorkspaceId, span: &Span<'_>) -> Result<u64, DbErr> {
        store::workshops::count_touched(db, workspace, span).await
    }
}
