//! `GET /notifications/{user_id}`.

use actix_web::web::Data;
use kernel::{guard::Guarded, http::Paging, page::Page, problem::Problem};

use crate::{
    actions::ViewNotifications,
    notifications::{NotificationFilter, NotificationView, Notifications},
};

/// Reads what somebody was told, newest first.
///
/// One's own are those from every workspace where one's role lets one read them. Of others, whoever may read everybody's
/// sees those from the workspaces that both belong to. Notifications are kept for 180 days.
#[utoipa::path(
    get,
    path = "/notifications/{user_id}",
    tag = "notifications",
    operation_id = "notifications",
    params(
        ("user_id" = uuid::Uuid, Path, description = "Who was told."),
        NotificationFilter,
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 200, description = "Rows on a page; 50 by default."),
        ("cursor" = Option<String>, Query, description = "Where to go on: `next` of the page before."),
    ),
    responses((status = 200, description = "A page of notifications.", body = Page<NotificationView>))
)]
pub async fn notifications(
    guard: Guarded<ViewNotifications>,
    paging: Paging<NotificationFilter>,
    notifications: Data<Notifications>,
) -> Result<Page<NotificationView>, Problem> {
    Ok(notifications.list(guard.permit(), &paging).await?)
}
