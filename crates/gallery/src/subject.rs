//! What can be asked about images: who may do what with them, and how many a change of roles touches.

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
        DeleteComment, DeleteImage, EditComment, EditImage, ImageRow, LikeImage, ReadComment, ReadComments,
        ReportImage, RestoreImage, ReviewImage, ViewImage, WriteComment,
    },
    store,
};

/// Images, as questions of authority name them.
pub const IMAGES: Kind = Kind::of::<ImageRow, Schema>(
    "image",
    "id",
    &[
        Ask::of::<ViewImage>(),
        Ask::of::<EditImage>(),
        Ask::of::<DeleteImage>(),
        Ask::of::<ReviewImage>(),
        Ask::of::<LikeImage>(),
        Ask::of::<ReportImage>(),
        Ask::of::<ReadComments>(),
        Ask::of::<WriteComment>(),
    ],
);

/// Images in the trash, as questions of authority name them.
pub const TRASHED_IMAGES: Kind = Kind::forward("trashed_image", "id", &[Ask::of::<RestoreImage>()]);

/// Comments, as questions of authority name them.
pub const COMMENTS: Kind =
    Kind::forward("comment", "id", &[Ask::of::<ReadComment>(), Ask::of::<EditComment>(), Ask::of::<DeleteComment>()]);

impl Subject for ImageRow {
    async fn related(&self, _: &Conn<'_>) -> Result<Vec<(UserId, Relation)>, DbErr> {
        Ok(vec![(self.owner(), Relation::Own)])
    }

    async fn count(db: &Conn<'_>, workspace: WorkspaceId, span: &Span<'_>) -> Result<u64, DbErr> {
        store::touched::count(db, workspace, span).await
    }
}
