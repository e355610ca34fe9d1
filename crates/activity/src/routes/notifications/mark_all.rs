//! `PUT /notifications/mark-all-as-read`.

use actix_web::web::{Data, Json};
use kernel::{guard::Guarded, http::Body, problem::Problem};

use crate::{
    actions::MarkAllAsRead,
    notifications::{MarkAll, Marked, Notifications},
};

/// Marks all one's own notifications as read, or those up to one of them.
#[utoipa::path(
    put,
    path = "/notifications/mark-all-as-read",
    tag = "notifications",
    operation_id = "mark_all_as_read",
    request_body(content = Option<MarkAll>, description = "How far; may be left out."),
    responses((status = 200, description = "How many weren't read before.", body = Marked))
)]
pub async fn mark_all_as_read(
    guard: Guarded<MarkAllAsRead>,
    body: Body<MarkAll>,
    notifications: Data<Notifications>,
) -> Result<Json<Marked>, Problem> {
    let how_far = body.valid_or_default()?;
    Ok(Json(notifications.mark_all(guard.permit(), how_far).await?))
}
