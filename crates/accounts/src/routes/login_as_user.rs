//! `POST /users/login`: another address of signing in.

use actix_web::{
    CustomizeResponder,
    web::{Data, Json},
};
use kernel::{
    guard::{Guarded, Public},
    http::Body,
    problem::{Problem, ProblemDocument},
};

use super::login::{Credentials, login};
use crate::{Schema, dto::SignInAnswer, service::Accounts};

/// Signs in; the same as `/auth/login`.
#[utoipa::path(post, path = "/users/login", tag = "auth", operation_id = "login_as_user", request_body = Credentials,
    responses((status = 200, description = "A pair of tokens, or the question for the second factor", body = SignInAnswer),
        (status = 429, description = "Too many wrong attempts; `Retry-After` says how long to wait.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = 401, description = "Name and password don't belong together; why is not told.", body = ProblemDocument,
            content_type = "application/problem+json"),
        (status = 403, description = "Right, but the e-mail address has to be proven first.", body = ProblemDocument,
            content_type = "application/problem+json")))]
pub async fn login_as_user(
    guard: Guarded<Public<Schema>>,
    body: Body<Credentials>,
    accounts: Data<Accounts>,
) -> Result<CustomizeResponder<Json<SignInAnswer>>, Problem> {
    login(guard, body, accounts).await
}
