//! Comments and reports, as the guard loads them.

use kernel::{
    grant::{Permission, Relation},
    guard::{Found, Listing, Lookup, Sight, Target, Tenant},
    http::etag_of,
    ids::WorkspaceId,
    problem::Problem,
};

use crate::{
    Schema,
    dto::ReportFilter,
    entity::{Part, Status, comment, report},
    ids::{CommentId, ReportId},
    permissions, store, visibility,
};

/// A comment, with what decides whether its image may be known of.
#[derive(Clone, Debug)]
pub struct CommentRow {
    pub(crate) comment: comment::Model,
    /// Where the image stands.
    pub(crate) status: Status,
    /// The side of a workshop that the image shows, if it is of one.
    pub(crate) part: Option<Part>,
    /// How the caller stands to the image.
    pub(crate) to_image: Relation,
}

/// A report, with how whoever asks stands to what was reported.
#[derive(Clone, Debug)]
pub struct ReportRow {
    pub(crate) report: report::Model,
    /// Whether it is against what the caller uploaded or owns.
    pub(crate) is_against_caller: bool,
}

kernel::actions! {
    module Schema;
    /// Reads a comment.
    ReadComment: permissions::VIEW_COMMENTS, on CommentRow;
    /// Changes a comment's words.
    EditComment: permissions::EDIT_COMMENTS, on CommentRow;
    /// Deletes a comment.
    DeleteComment: permissions::DELETE_COMMENTS, on CommentRow;
    /// Reads a report.
    ReadReport: permissions::HANDLE_REPORTS, on ReportRow;
    /// Upholds or dismisses a report.
    HandleReport: permissions::HANDLE_REPORTS, on ReportRow;
}

impl Target for CommentRow {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let id: CommentId = lookup.key("id")?;
        let me = lookup.caller().user;
        let found = store::comments::find(lookup, id).await?;
        Ok(found.map(|(comment, image)| {
            let (workspace, relation) = (comment.workspace_id, Relation::of(comment.author_id == me, false));
            let row = Self { comment, status: image.status, part: image.part, to_image: image.relation(me) };
            Found::in_workspace(row, workspace, relation)
        }))
    }

    /// Whoever may read comments, and know of the image.
    fn visible(&self, sight: &Sight<'_>) -> bool {
        let knows_image = visibility::is_known(self.status, self.part, self.to_image, |permission| {
            sight.holds_at(permission, self.to_image)
        });
        knows_image && sight.holds(&permissions::VIEW_COMMENTS)
    }

    fn etag(&self) -> Option<String> {
        Some(etag_of(self.comment.version))
    }
}

impl Tenant for CommentRow {
    fn workspace(&self) -> WorkspaceId {
        self.comment.workspace_id
    }
}

impl Target for ReportRow {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let id: ReportId = lookup.key("id")?;
        let me = lookup.caller().user;
        let found = store::reports::find(lookup, id).await?;
        Ok(found.map(|(report, image)| {
            let is_against_caller = image.uploader_id == me || image.owner() == me;
            let workspace = report.workspace_id;
            Found::in_workspace(Self { report, is_against_caller }, workspace, Relation::Other)
        }))
    }

    fn visible(&self, sight: &Sight<'_>) -> bool {
        sight.holds(&permissions::HANDLE_REPORTS)
    }

    fn etag(&self) -> Option<String> {
        Some(etag_of(self.report.version))
    }
}

impl Tenant for ReportRow {
    fn workspace(&self) -> WorkspaceId {
        self.report.workspace_id
    }
}

/// The list of reports.
#[derive(Debug)]
pub(crate) struct ListReports;

impl Listing for ListReports {
    type Module = Schema;
    type Filter = ReportFilter;
    const PERMISSION: &'static Permission = &permissions::HANDLE_REPORTS;
    const SORTS: &'static [&'static str] = &["created_at"];
}
