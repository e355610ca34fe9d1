//! What is proven by mail, and by what it is known again: a code of six digits or a link, both derived from the row's id
//! and the server's secret, and kept nowhere.

use chrono::Duration;
use kernel::{keyring::Keyring, problem::Problem};
use sea_orm::{DeriveActiveEnum, EnumIter};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use crate::rules::email_key;

/// What giving it back does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Purpose {
    /// Chooses a new password, asked for by whoever forgot it.
    #[sea_orm(string_value = "password_reset")]
    PasswordReset,
    /// Chooses the first password of an account that an administrator made.
    #[sea_orm(string_value = "password_setup")]
    PasswordSetup,
    /// Proves the address of an account.
    #[sea_orm(string_value = "email_verification")]
    EmailVerification,
    /// Gives an account another address.
    #[sea_orm(string_value = "email_change")]
    EmailChange,
    /// Gives it the former one back.
    #[sea_orm(string_value = "email_undo")]
    EmailUndo,
    /// Makes the account that someone signed up for.
    #[sea_orm(string_value = "sign_up")]
    SignUp,
}

impl Purpose {
    /// By which the address of an account, or of one to be, is proven.
    pub(crate) const OF_ADDRESSES: [Self; 3] = [Self::SignUp, Self::EmailVerification, Self::EmailChange];
    /// By which a password is chosen.
    pub(crate) const OF_PASSWORDS: [Self; 2] = [Self::PasswordReset, Self::PasswordSetup];

    /// The word for it in the database, and from which codes and links are derived.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::PasswordReset => "password_reset",
            Self::PasswordSetup => "password_setup",
            Self::EmailVerification => "email_verification",
            Self::EmailChange => "email_change",
            Self::EmailUndo => "email_undo",
            Self::SignUp => "sign_up",
        }
    }

    /// How long it is good.
    pub(crate) fn lifetime(self) -> Duration {
        match self {
            Self::PasswordReset => Duration::minutes(15),
            Self::EmailVerification | Self::EmailChange | Self::SignUp => Duration::hours(24),
            Self::PasswordSetup | Self::EmailUndo => Duration::days(7),
        }
    }

    /// Whether six digits do, or only the link.
    pub(crate) fn has_code(self) -> bool {
        !matches!(self, Self::PasswordSetup | Self::EmailUndo)
    }
}

/// What someone gives back.
#[derive(Debug)]
pub(crate) enum Presented {
    /// The digits, and the address that they were mailed to.
    Code { email_key: String, code: SecretString },
    /// What the link carried.
    Token(SecretString),
}

impl Presented {
    /// From the fields of a body: the token alone, or the address and the code.
    pub(crate) fn of(
        email: Option<String>,
        code: Option<SecretString>,
        token: Option<SecretString>,
    ) -> Result<Self, Problem> {
        match (email, code, token) {
            (None, None, Some(token)) => Ok(Self::Token(token)),
            (Some(email), Some(code), None) => Ok(Self::Code { email_key: email_key(&email), code: plain(&code) }),
            (Some(_), None, None) => Err(Problem::invalid_field("/code", "required", "It is required.")),
            (None, Some(_), None) => Err(Problem::invalid_field("/email", "required", "It is required.")),
            _ => {
                let sentence = "It takes either `token`, or `email` and `code`.";
                Err(Problem::invalid_field("", "token_or_code", sentence))
            }
        }
    }

    /// Where in the body it is.
    pub(crate) fn pointer(&self) -> &'static str {
        match self {
            Self::Code { .. } => "/code",
            Self::Token(_) => "/token",
        }
    }

    /// The row whose token for one of `purposes` this is.
    pub(crate) fn row(keyring: &Keyring, purposes: &[Purpose], token: &SecretString) -> Option<(Purpose, Uuid)> {
        let of = |purpose: &Purpose| Some((*purpose, keyring.id_of_token(purpose.as_str(), token.expose_secret())?));
        purposes.iter().find_map(of)
    }
}

/// Digits as people copy them: with spaces or a hyphen in between.
fn plain(code: &SecretString) -> SecretString {
    let digits: String = code.expose_secret().chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    digits.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_the_token_or_the_address_and_the_code() {
        let secret = |text: &str| Some(SecretString::from(text));
        let email = || Some("Ada@Example.org".to_owned());
        assert!(matches!(Presented::of(None, None, secret("t")), Ok(Presented::Token(_))));
        let Ok(Presented::Code { email_key, code }) = Presented::of(email(), secret("123 4-56"), None) else {
            panic!("no code")
        };
        assert_eq!((email_key.as_str(), code.expose_secret()), ("ada@example.org", "123456"));
        for (email, code, token) in [
            (None, None, None),
            (email(), None, None),
            (None, secret("1"), None),
            (email(), secret("1"), secret("t")),
            (email(), None, secret("t")),
        ] {
            assert!(Presented::of(email, code, token).is_err());
        }
    }

    #[test]
    fn a_token_is_good_for_its_purpose_only() {
        let keyring = Keyring::new(b"secret", []);
        let id = Uuid::from_u128(7);
        let token = SecretString::from(keyring.token("email_undo", id));
        assert_eq!(Presented::row(&keyring, &[Purpose::EmailUndo], &token), Some((Purpose::EmailUndo, id)));
        assert_eq!(Presented::row(&keyring, &Purpose::OF_ADDRESSES, &token), None);
        assert_eq!(Presented::row(&keyring, &Purpose::OF_PASSWORDS, &token), None);
    }
}
