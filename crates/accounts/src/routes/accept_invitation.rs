//! `POST /invitations/accept`

use actix_web::{CustomizeResponder, FromRequest, HttpRequest, http::header, web::Data};
use kernel::{
    guard::{Guarded, Public, SignedIn},
    http::{Body, Created},
    problem::{Problem, ProblemDocument},
};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::confidential;
use crate::{
    Schema,
    rules::{check_name, check_username},
    service::{Acceptance, AcceptedInvitation, Accounts},
};

/// Who accepts.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitationAcceptance {
    /// The token from the link.
    #[schema(value_type = String)]
    token: SecretString,
    /// For a new account: 8 to 128 characters; not one that is guessed first, and not the e-mail address or username.
    #[schema(value_type = Option<String>, format = Password, min_length = 8, max_length = 128)]
    password: Option<SecretString>,
    /// For a new account: the name to go by, 3 to 32 of a to z, digits, dots, underscores and hyphens.
    #[validate(custom(function = check_username))]
    #[schema(min_length = 3, max_length = 32)]
    username: Option<String>,
    /// For a new account: given name.
    #[validate(custom(function = check_name))]
    #[schema(min_length = 1, max_length = 100)]
    first_name: Option<String>,
    /// For a new account: family name.
    #[validate(custom(function = check_name))]
    #[schema(min_length = 1, max_length = 100)]
    last_name: Option<String>,
}

/// Accepts an invitation by its token.
///
/// Signed in, the token is all it takes, and the account must be the one that was invited, or have the address: 403
/// `other_addressee`. Not signed in, a password makes a new account with the address that was invited, which the token
/// proves, and signs its owner in; 409 `email_taken` when there is an account with it, which signs in to accept. 410
/// `invitation_gone` when it was answered or taken back, or when whoever invited may no longer give the role.
#[utoipa::path(post, path = "/invitations/accept", tag = "invitations", operation_id = "accept_invitation",
    request_body = InvitationAcceptance,
    responses((status = 201, description = "The membership, and for who is new the account and first tokens",
            body = AcceptedInvitation),
        (status = 401, description = "The invitation is for an account: sign in", body = ProblemDocument,
            content_type = "application/problem+json"),
        (status = 403, description = "The invitation is for somebody else", body = ProblemDocument,
            content_type = "application/problem+json"),
        (status = 404, description = "The token was never one", body = ProblemDocument,
            content_type = "application/problem+json"),
        (status = 410, description = "It can't be accepted any more; `reason` says why", body = ProblemDocument,
            content_type = "application/problem+json")))]
pub async fn accept_invitation(
    guard: Guarded<Public<Schema>>,
    request: HttpRequest,
    body: Body<InvitationAcceptance>,
    accounts: Data<Accounts>,
) -> Result<CustomizeResponder<Created<AcceptedInvitation>>, Problem> {
    // The door is open to all, and whoever says who they are must be that.
    let signed_in = if request.headers().contains_key(header::AUTHORIZATION) {
        Some(Guarded::<SignedIn<Schema>>::extract(&request).await?.permit().caller())
    } else {
        None
    };
    let InvitationAcceptance { token, password, username, first_name, last_name } = body.valid()?;
    let acceptance = Acceptance { token, password, username, first_name, last_name };
    Ok(confidential(match signed_in {
        Some(user) => accounts.accept_as(user, acceptance).await?,
        None => accounts.accept_as_new(guard.permit(), acceptance).await?,
    }))
}
