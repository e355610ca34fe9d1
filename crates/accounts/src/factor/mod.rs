//! Second factors as such: codes of an app, codes for the day when it is lost, and what is offered as one.

mod recovery;
mod refusal;
mod totp;

use std::fmt;

use secrecy::SecretString;

pub use self::refusal::FactorRefusal;
pub(crate) use self::{
    recovery::{RECOVERY_CODES, RecoveryCode},
    totp::{SEALED_FOR, TotpSecret},
};

/// What somebody offers as their second factor.
pub(crate) enum Proof {
    /// The six digits that their app shows.
    Code(SecretString),
    /// One of the codes that they were given for the day when the app is lost.
    RecoveryCode(SecretString),
}

impl Proof {
    /// The one of the two that was given.
    pub(crate) fn of(code: Option<SecretString>, recovery_code: Option<SecretString>) -> Option<Self> {
        match (code, recovery_code) {
            (Some(code), None) => Some(Self::Code(code)),
            (None, Some(code)) => Some(Self::RecoveryCode(code)),
            _ => None,
        }
    }

    /// Where it is in a body.
    pub(crate) fn pointer(&self) -> &'static str {
        match self {
            Self::Code(_) => "/code",
            Self::RecoveryCode(_) => "/recovery_code",
        }
    }
}

impl fmt::Debug for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.pointer())
    }
}
