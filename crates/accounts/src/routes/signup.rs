//! `POST /auth/signup`

use actix_web::{CustomizeResponder, Either, web::Data};
use kernel::{
    authority::WorkspaceRef,
    guard::{Guarded, Public},
    http::{Body, Created, Done},
    problem::{Problem, ProblemDocument},
};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{confidential, mailed};
use crate::{
    Schema,
    dto::Mailed,
    rules::{check_email, check_name, check_username},
    service::{Accounts, NewAccount, SignUp, SignedUp, Welcome},
};

/// Who signs up.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSignUp {
    /// The e-mail address; unique whatever its case.
    #[validate(custom(function = check_email))]
    #[schema(format = "email", max_length = 254, examples("ada@example.com"))]
    email: String,
    /// 8 to 128 characters; not one that is guessed first, and not the e-mail address or username.
    #[schema(value_type = String, format = Password, min_length = 8, max_length = 128)]
    password: SecretString,
    /// The name to go by: 3 to 32 of a to z, digits, dots, underscores and hyphens; unique whatever its case.
    #[validate(custom(function = check_username))]
    #[schema(min_length = 3, max_length = 32, examples("ada"))]
    username: Option<String>,
    /// Given name.
    #[validate(custom(function = check_name))]
    #[schema(min_length = 1, max_length = 100, examples("Ada"))]
    first_name: Option<String>,
    /// Family name.
    #[validate(custom(function = check_name))]
    #[schema(min_length = 1, max_length = 100, examples("Lovelace"))]
    last_name: Option<String>,
    /// A workspace with open registration, to become a member of.
    workspace: Option<WorkspaceRef>,
    /// A self-assignable role of that workspace; its default role if left out.
    #[validate(length(min = 1, max = 100))]
    role: Option<String>,
}

impl From<NewSignUp> for SignUp {
    fn from(new: NewSignUp) -> Self {
        let NewSignUp { email, password, username, first_name, last_name, workspace, role } = new;
        let password = Some(password);
        let account = NewAccount { email, password, username, first_name, last_name, created_via: None };
        Self { account, workspace, role }
    }
}

/// Signs up.
///
/// Makes an account and signs its owner in. With a workspace whose registration is open, also the membership: with the
/// role asked for, if it is one that people may give themselves, or the workspace's default role.
///
/// Where e-mail addresses have to be proven first, the answer is 202 and says nothing of whether the address was known:
/// the account is made when the code or link that is mailed comes back to `/auth/email/verify`.
#[utoipa::path(post, path = "/auth/signup", tag = "auth", operation_id = "signup", request_body = NewSignUp,
    responses((status = 201, description = "The account and the first tokens", body = SignedUp),
        (status = 202, description = "The address has to be proven first; there is mail", body = Mailed),
        (status = 404, description = "There is no such workspace, or none that is open.", body = ProblemDocument,
            content_type = "application/problem+json")))]
pub async fn signup(
    guard: Guarded<Public<Schema>>,
    body: Body<NewSignUp>,
    accounts: Data<Accounts>,
) -> Result<CustomizeResponder<Either<Created<SignedUp>, Done<Mailed>>>, Problem> {
    let new = body.valid()?;
    Ok(confidential(match accounts.sign_up(guard.permit(), new.into()).await? {
        Welcome::In(created) => Either::Left(*created),
        Welcome::AskedForProof => Either::Right(mailed("A mail to this address says how to go on.")),
    }))
}
