//! `GET /notifications/preferences`.

use actix_web::web::{Data, Json};
use kernel::{guard::Guarded, problem::Problem};

use crate::{
    actions::ViewPreferences,
    notifications::{Notifications, PreferencesView},
};

/// Shows what one is told of, and by what.
#[utoipa::path(
    get,
    path = "/notifications/preferences",
    tag = "notifications",
    operation_id = "notification_preferences",
    responses((status = 200, description = "Every kind of notification.", body = PreferencesView))
)]
pub async fn preferences(
    guard: Guarded<ViewPreferences>,
    notifications: Data<Notifications>,
) -> Result<Json<PreferencesView>, Problem> {
    Ok(Json(notifications.preferences(guard.permit()).await?))
}
