//! What can go wrong with accounts, and what is answered then.

mod profiles;

use actix_web::http::StatusCode;
use kernel::{
    failure::{Failure, unique_violation},
    problem::Problem,
};
use sea_orm::DbErr;

pub use self::profiles::{AvatarFault, PhoneFault};
use crate::{
    factor::FactorRefusal,
    passwords::HashingFault,
    ports::{EnrolmentRefusal, MembershipRefusal},
    rules::PasswordFault,
};

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum AccountsError {
    /// Someone has the e-mail address, in whatever case.
    #[error("e-mail taken")]
    EmailTaken,
    /// Someone has the username, in whatever case.
    #[error("username taken")]
    UsernameTaken,
    /// Unknown, wrong or disabled: which one is not told.
    #[error("wrong credentials")]
    WrongCredentials,
    /// Too many wrong guesses of late.
    #[error("too many attempts; {seconds} s to wait")]
    SlowDown {
        /// Until the next is let in.
        seconds: u64,
    },
    /// Not one of ours, used, expired or of an ended session: which one is not told.
    #[error("invalid refresh token")]
    InvalidRefreshToken,
    /// The password that was to be changed is another.
    #[error("wrong current password")]
    WrongPassword,
    /// The password by which a change of one's own is confirmed is another.
    #[error("wrong password")]
    WrongOwnPassword,
    /// Unknown, wrong, used, expired or guessed too often: which one is not told.
    #[error("invalid proof at {pointer}")]
    InvalidProof {
        /// Where in the body.
        pointer: &'static str,
    },
    /// Whoever signs in has still to prove the address.
    #[error("e-mail unverified")]
    EmailUnverified,
    /// The next address is the one that it is.
    #[error("e-mail unchanged")]
    EmailUnchanged,
    /// There was a mail a moment ago, or many today.
    #[error("mailed recently")]
    MailedRecently,
    /// The account has a password.
    #[error("password set")]
    PasswordSet,
    /// The account is disabled.
    #[error("disabled")]
    Disabled,
    /// The new password will not do.
    #[error("password at {pointer}: {fault}")]
    Password {
        /// Where in the body.
        pointer: &'static str,
        /// Why.
        fault: PasswordFault,
    },
    /// A role was named, and no workspace.
    #[error("a role without a workspace")]
    RoleWithoutWorkspace,
    /// The account was not made by the workspace whose administrator acts.
    #[error("the workspace did not make the account")]
    NotYours,
    /// The account belongs somewhere still, so it is not erased.
    #[error("still belongs somewhere")]
    StillBelongs,
    /// The platform disabled the account, and only the platform enables it.
    #[error("disabled by the platform")]
    DisabledByPlatform,
    /// Nobody sets their own status.
    #[error("own status")]
    OwnStatus,
    /// The account is gone since the guard looked.
    #[error("gone")]
    Gone,
    /// The second factor stands in the way, or isn't there.
    #[error(transparent)]
    Factor(#[from] FactorRefusal),
    /// The membership asked for is not to be had.
    #[error(transparent)]
    Enrolment(#[from] EnrolmentRefusal),
    /// The membership stays.
    #[error(transparent)]
    Membership(#[from] MembershipRefusal),
    /// The phone number is not confirmed, and why.
    #[error(transparent)]
    Phone(#[from] PhoneFault),
    /// The picture will not do, or has no place.
    #[error(transparent)]
    Avatar(#[from] AvatarFault),
    /// The password was not hashed.
    #[error(transparent)]
    Hashing(#[from] HashingFault),
    /// The access token was not signed.
    #[error("signing: {0}")]
    Signing(#[from] jsonwebtoken::errors::Error),
    /// The request is not valid.
    #[error(transparent)]
    Refused(#[from] Problem),
    /// What every write can fail with.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<DbErr> for AccountsError {
    fn from(error: DbErr) -> Self {
        match unique_violation(&error) {
            Some("users_email_unique") => Self::EmailTaken,
            Some("users_username_unique") => Self::UsernameTaken,
            _ => Self::Failure(Failure::Db(error)),
        }
    }
}

impl From<AccountsError> for Problem {
    fn from(error: AccountsError) -> Self {
        match error {
            AccountsError::EmailTaken => Self::conflict("email_taken", "There is an account with this e-mail address."),
            AccountsError::UsernameTaken => Self::conflict("username_taken", "Someone goes by this username."),
            AccountsError::WrongCredentials => {
                Self::unauthorized("invalid_credentials", "Name and password don't belong together.")
            }
            AccountsError::SlowDown { seconds } => {
                Self::slow_down("There were too many wrong attempts; wait as long as `Retry-After` says.", seconds)
            }
            AccountsError::InvalidRefreshToken => Self::unauthorized(
                "invalid_refresh_token",
                "The refresh token is not good, or no longer; sign in again.",
            ),
            AccountsError::WrongPassword => {
                Self::invalid_field("/current_password", "wrong_password", "It is not your password.")
            }
            AccountsError::WrongOwnPassword => {
                Self::invalid_field("/password", "wrong_password", "It is not your password.")
            }
            AccountsError::InvalidProof { pointer } => Self::invalid_field(
                pointer,
                "invalid_code",
                "It is not good, or no longer: it works once and for a limited time, and a code for five tries. Ask for another.",
            ),
            AccountsError::EmailUnverified => Self::forbidden(
                "email_unverified",
                "Prove your e-mail address first: there is a link in your mail, and another for the asking.",
            ),
            AccountsError::EmailUnchanged => {
                Self::invalid_field("/email", "email_unchanged", "It is your e-mail address already.")
            }
            AccountsError::MailedRecently => Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "mailed_recently",
                "There was such a mail a moment ago, or many today; look for it, or try again later.",
            )
            .with_header("Retry-After", "60"),
            AccountsError::PasswordSet => Self::conflict(
                "password_set",
                "The person has a password; if they forgot it, they can ask for another themselves.",
            ),
            AccountsError::Disabled => Self::conflict("account_disabled", "The account is disabled."),
            AccountsError::Password { pointer, fault } => Self::invalid_field(pointer, fault.code(), fault.to_string()),
            AccountsError::RoleWithoutWorkspace => {
                Self::invalid_field("/workspace", "workspace_required", "A role is one of a workspace: name it.")
            }
            AccountsError::NotYours => Self::forbidden(
                "account_not_yours",
                "The person made this account, or another workspace did; you can change their membership only.",
            ),
            AccountsError::StillBelongs => Self::conflict(
                "still_belongs",
                "The account stays: it belongs to a suspended membership, a platform role or a workspace that was deleted.",
            ),
            AccountsError::DisabledByPlatform => Self::forbidden(
                "disabled_by_platform",
                "The platform's administration disabled this account; only they can enable it.",
            ),
            AccountsError::OwnStatus => Self::forbidden("own_status", "Nobody sets the status of their own account."),
            AccountsError::Gone => Self::not_found(),
            AccountsError::Factor(refusal) => refusal.into(),
            AccountsError::Enrolment(refusal) => of_enrolment(refusal),
            AccountsError::Membership(refusal) => of_membership(refusal),
            AccountsError::Phone(fault) => fault.into(),
            AccountsError::Avatar(fault) => fault.into(),
            AccountsError::Hashing(HashingFault::Busy) => {
                Self::unavailable("busy", "Too many people are at the door; try again shortly.", 1)
            }
            AccountsError::Hashing(fault @ HashingFault::Broken(_)) => Self::internal(&fault),
            AccountsError::Signing(error) => Self::internal(&error),
            AccountsError::Refused(problem) => problem,
            AccountsError::Failure(failure) => failure.into(),
        }
    }
}

fn of_enrolment(refusal: EnrolmentRefusal) -> Problem {
    match refusal {
        EnrolmentRefusal::NotFound => Problem::not_found(),
        EnrolmentRefusal::RoleNotSelfAssignable { available } => {
            let detail = format!("Nobody gives themselves this role; these may be had: {}.", available.join(", "));
            Problem::invalid_field("/role", "role_not_self_assignable", detail).with_member("available", available)
        }
        EnrolmentRefusal::UnknownRole { available } => {
            let detail = format!("There is no such role; these may be had: {}.", available.join(", "));
            Problem::invalid_field("/role", "unknown_role", detail).with_member("available", available)
        }
        EnrolmentRefusal::Refused(problem) => problem,
        EnrolmentRefusal::Unavailable(error) => error.into(),
    }
}

fn of_membership(refusal: MembershipRefusal) -> Problem {
    match refusal {
        MembershipRefusal::Refused(problem) => problem,
        MembershipRefusal::NotMember => Problem::not_found(),
        MembershipRefusal::Db(error) => error.into(),
    }
}
