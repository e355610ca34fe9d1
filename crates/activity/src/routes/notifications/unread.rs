//! `GET /notifications/unread-count`.

use actix_web::web::{Data, Json};
use kernel::{guard::Guarded, problem::Problem};

use crate::{
    actions::CountUnread,
    notifications::{Notifications, UnreadView},
};

/// Counts what one hasn't read yet.
#[utoipa::path(
    get,
    path = "/notifications/unread-count",
    tag = "notifications",
    operation_id = "unread_count",
    responses((status = 200, description = "How many.", body = UnreadView))
)]
pub async fn unread_count(
    guard: Guarded<CountUnread>,
    notifications: Data<Notifications>,
) -> Result<Json<UnreadView>, Problem> {
    Ok(Json(notifications.unread(guard.permit()).await?))
}
