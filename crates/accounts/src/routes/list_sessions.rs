//! `GET /auth/sessions`

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use kernel::{guard::Guarded, http::Paging, ids::SessionId, page::Page, problem::Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    actions::{ListSessions, NoFilter},
    entity::session,
    service::Accounts,
};

/// One sign-in on one device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SessionView {
    /// Its identity.
    pub id: SessionId,
    /// Whether this request came through it.
    pub current: bool,
    /// What the client last called itself.
    pub user_agent: Option<String>,
    /// Where it was last used from.
    pub address: Option<String>,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last refreshed.
    pub last_used_at: DateTime<Utc>,
    /// When it ends if it is not refreshed.
    pub expires_at: DateTime<Utc>,
}

impl SessionView {
    fn of(row: session::Model, current: SessionId) -> Self {
        Self {
            id: row.id,
            current: row.id == current,
            user_agent: row.user_agent,
            address: row.address,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            expires_at: row.expires_at,
        }
    }
}

/// Lists one's sessions, oldest first.
#[utoipa::path(get, path = "/auth/sessions", tag = "auth", operation_id = "list_sessions",
    params(
        ("limit" = Option<u64>, Query, minimum = 1, maximum = 200, description = "Sessions on a page; 50 by default."),
        ("cursor" = Option<String>, Query, description = "Where to go on: `next` of the page before."),
    ),
    responses((status = 200, description = "A page of sessions", body = Page<SessionView>)))]
pub async fn list_sessions(
    guard: Guarded<ListSessions>,
    paging: Paging<NoFilter>,
    accounts: Data<Accounts>,
) -> Result<Page<SessionView>, Problem> {
    let current = guard.permit().session().session;
    let page = accounts.sessions(guard.permit(), &paging).await?;
    Ok(page.map(|row| SessionView::of(row, current)))
}
