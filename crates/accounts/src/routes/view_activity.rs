//! `GET /users/{id}/activity`.

use actix_web::web::Data;
use kernel::{
    guard::Guarded,
    http::Paging,
    ids::UserId,
    page::Page,
    problem::Problem,
    trail::{ActivityEntry, Mark, Span, Stretch, Trail},
};

use crate::actions::ViewActivity;

/// Reads what somebody did, newest first.
///
/// Of oneself it is everything, wherever it was done. Of others it is what they did in the workspaces in which the
/// caller's role grants `can_view_activity` for everyone. Entries name the fields that changed, and not their values.
#[utoipa::path(
    get,
    path = "/users/{id}/activity",
    tag = "activity",
    operation_id = "user_activity",
    params(
        ("id" = UserId, Path, description = "Who."),
        Span,
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 200, description = "Entries on a page; 50 by default."),
        ("cursor" = Option<String>, Query, description = "Where to go on: `next` of the page before."),
    ),
    responses((status = 200, description = "A page of entries.", body = Page<ActivityEntry>))
)]
pub async fn user_activity(
    guard: Guarded<ViewActivity>,
    paging: Paging<Span>,
    trail: Data<dyn Trail>,
) -> Result<Page<ActivityEntry>, Problem> {
    let target = guard.permit().target();
    let after = paging.after::<Mark>()?;
    let stretch = Stretch { span: paging.filter().clone(), after, limit: paging.limit() + 1 };
    let entries = trail.of_person(target.user, target.among.as_deref(), &stretch).await?;
    Ok(paging.page(entries, Mark::of)?.map(ActivityEntry::from))
}
