//! `POST /users`

use actix_web::web::Data;
use kernel::{
    authority::WorkspaceRef,
    guard::Creating,
    http::{Body, Created},
    problem::Problem,
};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    actions::CreateAccount,
    dto::UserView,
    rules::{check_email, check_name, check_username},
    service::{Accounts, NewAccount},
};

/// An account for someone of the workspace.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// The workspace; may be left out by someone who belongs to exactly one.
    workspace: Option<WorkspaceRef>,
    /// The e-mail address; unique whatever its case.
    #[validate(custom(function = check_email))]
    #[schema(format = "email", max_length = 254, examples("ada@example.com"))]
    email: String,
    /// 8 to 128 characters; without one nobody signs in until one is set.
    #[schema(value_type = Option<String>, format = Password, min_length = 8, max_length = 128)]
    password: Option<SecretString>,
    /// The name to go by: 3 to 32 of a to z, digits, dots, underscores and hyphens; unique whatever its case.
    #[validate(custom(function = check_username))]
    #[schema(min_length = 3, max_length = 32)]
    username: Option<String>,
    /// Given name.
    #[validate(custom(function = check_name))]
    #[schema(min_length = 1, max_length = 100)]
    first_name: Option<String>,
    /// Family name.
    #[validate(custom(function = check_name))]
    #[schema(min_length = 1, max_length = 100)]
    last_name: Option<String>,
    /// The role, one that one's own covers; the workspace's default role if left out.
    #[validate(length(min = 1, max = 100))]
    role: Option<String>,
}

/// Creates an account for someone, and their membership in the workspace.
#[utoipa::path(post, path = "/users", tag = "users", operation_id = "create_user", request_body = NewUser,
    responses((status = 201, description = "The account", body = UserView)))]
pub async fn create_user(
    guard: Creating<CreateAccount>,
    body: Body<NewUser>,
    accounts: Data<Accounts>,
) -> Result<Created<UserView>, Problem> {
    let NewUser { workspace, email, password, username, first_name, last_name, role } = body.valid()?;
    let permit = guard.permit_in(workspace.as_ref()).await?;
    let account = NewAccount { email, password, username, first_name, last_name, created_via: None };
    Ok(accounts.create(&permit, account, role.as_deref()).await?)
}
