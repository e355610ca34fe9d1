//! `PUT /notifications/{id}/mark-as-read`.

use actix_web::web::{Data, Json};
use kernel::{guard::Guarded, problem::Problem};

use crate::{
    actions::MarkAsRead,
    notifications::{NotificationView, Notifications},
};

/// Marks a notification as read. Once more changes nothing.
#[utoipa::path(
    put,
    path = "/notifications/{id}/mark-as-read",
    tag = "notifications",
    operation_id = "mark_as_read",
    params(("id" = uuid::Uuid, Path, description = "The notification.")),
    responses((status = 200, description = "The notification as it is now.", body = NotificationView))
)]
pub async fn mark_as_read(
    guard: Guarded<MarkAsRead>,
    notifications: Data<Notifications>,
) -> Result<Json<NotificationView>, Problem> {
    Ok(Json(notifications.mark(guard.permit()).await?))
}
