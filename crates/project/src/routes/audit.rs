//! `GET /projects/{id}/audit`.

use actix_web::web::Data;
use kernel::{
    guard::{Guarded, Tenant},
    http::Paging,
    ids::ProjectId,
    page::Page,
    problem::Problem,
    trail::{AuditEntry, Mark, Span, Stretch, Trail},
};

use crate::{
    actions::{OfProject, ViewProjectAudit},
    events,
};

/// Reads what happened to a project, newest first.
///
/// Who changed which field from what to what, when, and on whose behalf; also who came to take part and who no longer
/// does. Of a project that was deleted, the workspace's audit tells.
#[utoipa::path(
    get,
    path = "/projects/{id}/audit",
    tag = "activity",
    operation_id = "project_audit",
    params(
        ("id" = ProjectId, Path, description = "The project."),
        Span,
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 200, description = "Entries on a page; 50 by default."),
        ("cursor" = Option<String>, Query, description = "Where to go on: `next` of the page before."),
    ),
    responses((status = 200, description = "A page of entries.", body = Page<AuditEntry>))
)]
pub async fn project_audit(
    guard: Guarded<ViewProjectAudit>,
    paging: Paging<Span>,
    trail: Data<dyn Trail>,
) -> Result<Page<AuditEntry>, Problem> {
    let target = guard.permit().target();
    let after = paging.after::<Mark>()?;
    let stretch = Stretch { span: paging.filter().clone(), after, limit: paging.limit() + 1 };
    let entries = trail.of_resource(target.workspace(), events::RESOURCE, target.project().id.0, &stretch).await?;
    paging.page(entries, Mark::of)
}
