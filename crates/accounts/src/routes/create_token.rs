//! `POST /users/me/tokens`

use actix_web::{CustomizeResponder, web::Data};
use chrono::{DateTime, Utc};
use kernel::{
    authority::WorkspaceRef,
    guard::Guarded,
    http::{Body, Created},
    problem::Problem,
};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;

use super::confidential;
use crate::{
    actions::CreateToken,
    dto::NewTokenView,
    rules::check_name,
    service::{Accounts, NewToken},
};

/// A token to make.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenRequest {
    /// What to call it.
    #[validate(custom(function = check_name))]
    #[schema(min_length = 1, max_length = 100, examples("nightly export"))]
    name: String,
    /// When it stops working: within a year; in 90 days if left out.
    #[serde(default, deserialize_with = "kernel::http::dated")]
    expires_at: Option<DateTime<Utc>>,
    /// The one workspace that it reaches, of which one is a member; all of one's workspaces if left out.
    workspace: Option<WorkspaceRef>,
    /// What it may do: a role document without `*`, granting nothing that one doesn't hold.
    #[schema(value_type = Object, example = json!({ "can_view_projects": "own" }))]
    permissions: Value,
}

/// Makes a personal access token, for a program that acts for one.
///
/// Shown once. It may do what its permissions say, as far as its owner may do that at the moment. It reads its owner's
/// account, and manages nothing of it: no password, no second factor, no sessions, no tokens.
#[utoipa::path(post, path = "/users/me/tokens", tag = "auth", operation_id = "create_token",
    request_body = TokenRequest, responses((status = 201, description = "The token", body = NewTokenView)))]
pub async fn create_token(
    guard: Guarded<CreateToken>,
    body: Body<TokenRequest>,
    accounts: Data<Accounts>,
) -> Result<CustomizeResponder<Created<NewTokenView>>, Problem> {
    let TokenRequest { name, expires_at, workspace, permissions } = body.valid()?;
    let new = NewToken { name, expires_at, workspace, permissions };
    Ok(confidential(accounts.create_token(guard.permit(), new).await?))
}
