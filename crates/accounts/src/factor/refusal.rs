//! What can go wrong with second factors, and what is answered then.

use kernel::problem::Problem;
use totp_rs::TotpError;

/// Why a second factor was not taken, made or removed.
#[derive(Debug, thiserror::Error)]
pub enum FactorRefusal {
    /// The password that protects it is another.
    #[error("wrong password")]
    WrongPassword,
    /// Someone who is signed in gave a code that is wrong or was used.
    #[error("wrong code at {0}")]
    WrongCode(&'static str),
    /// Someone who signs in did.
    #[error("wrong code at the door")]
    InvalidCode,
    /// Not one of ours, used, expired, tried too often, or begun with a former password: which one is not told.
    #[error("invalid sign-in token")]
    InvalidChallenge,
    /// So many codes of this account were wrong that no more are looked at for a while.
    #[error("too many wrong codes")]
    TooManyTries,
    /// There is one already.
    #[error("enabled already")]
    Enabled,
    /// There is none.
    #[error("not enabled")]
    NotEnabled,
    /// There is nothing to confirm.
    #[error("not begun")]
    NotBegun,
    /// The secret was sealed with a secret that the server no longer has.
    #[error("the second factor of an account does not open: server.former_secrets lacks what sealed it")]
    Sealed,
    /// The library refused its parameters, which it never should.
    #[error(transparent)]
    Broken(#[from] TotpError),
}

impl From<FactorRefusal> for Problem {
    fn from(refusal: FactorRefusal) -> Self {
        match refusal {
            FactorRefusal::WrongPassword => {
                Self::invalid_field("/password", "wrong_password", "It is not your password.")
            }
            FactorRefusal::WrongCode(pointer) => {
                Self::invalid_field(pointer, "wrong_code", "It is not the code, or not any more.")
            }
            FactorRefusal::InvalidCode => Self::unauthorized("invalid_code", "It is not the code, or not any more."),
            FactorRefusal::InvalidChallenge => Self::unauthorized(
                "invalid_mfa_token",
                "This sign-in is over, was tried too often or took too long; begin again with the password.",
            ),
            FactorRefusal::TooManyTries => Self::new(
                actix_web::http::StatusCode::TOO_MANY_REQUESTS,
                "too_many_codes",
                "Too many codes of this account were wrong; wait, or use a recovery code.",
            )
            .with_header("Retry-After", "3600"),
            FactorRefusal::Enabled => Self::conflict("mfa_enabled", "There is a second factor already."),
            FactorRefusal::NotEnabled => Self::conflict("mfa_not_enabled", "There is no second factor."),
            FactorRefusal::NotBegun => {
                Self::conflict("mfa_not_begun", "There is no second factor to confirm: begin with its secret.")
            }
            refusal @ (FactorRefusal::Sealed | FactorRefusal::Broken(_)) => Self::internal(&refusal),
        }
    }
}
