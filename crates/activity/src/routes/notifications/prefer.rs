//! `PUT /notifications/preferences`.

use actix_web::web::{Data, Json};
use kernel::{guard::Guarded, http::Body, problem::Problem};

use crate::{
    actions::ChangePreferences,
    notifications::{Notifications, PreferencesChange, PreferencesView},
};

/// Says what one wants to be told of, and by what.
///
/// It holds for what happens from now on, in every workspace. Kinds that aren't named are told as is usual.
#[utoipa::path(
    put,
    path = "/notifications/preferences",
    tag = "notifications",
    operation_id = "change_notification_preferences",
    request_body = PreferencesChange,
    responses((status = 200, description = "Every kind of notification, as it is told now.", body = PreferencesView))
)]
pub async fn prefer(
    guard: Guarded<ChangePreferences>,
    body: Body<PreferencesChange>,
    notifications: Data<Notifications>,
) -> Result<Json<PreferencesView>, Problem> {
    let change = body.valid()?;
    Ok(Json(notifications.prefer(guard.permit(), &change).await?))
}
