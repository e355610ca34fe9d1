//! What a new password must be (NIST SP 800-63B section 5.1.1.2): long enough and not the first that is guessed.
//! There are no rules of composition: they make passwords worse.

use std::{collections::HashSet, sync::LazyLock};

/// The best-known passwords of 8 and more characters, in lower case, after the list of zxcvbn (MIT licence).
static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// What is wrong with a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    /// Fewer than 8 or more than 128 characters.
    #[error("It takes 8 to 128 characters.")]
    Length,
    /// One of those that are tried first.
    #[error("It is one of the passwords that are guessed first.")]
    Common,
    /// The e-mail address or the username.
    #[error("It is your e-mail address or username.")]
    Personal,
}

impl PasswordFault {
    /// The word for it in answers.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Length => "length",
            Self::Common => "password_common",
            Self::Personal => "password_personal",
        }
    }
}

/// Whether someone known as `identities` (their e-mail address, their username) may take `password`.
pub(crate) fn check_password(password: &str, identities: &[&str]) -> Result<(), PasswordFault> {
    if !(8..=128).contains(&password.chars().count()) {
        return Err(PasswordFault::Length);
    }
    let folded = password.trim().to_lowercase();
    if COMMON.contains(folded.as_str()) || is_one_character(&folded) {
        return Err(PasswordFault::Common);
    }
    let is_theirs = |identity: &&str| {
        let identity = identity.trim().to_lowercase();
        let before_at = identity.split_once('@').map_or(identity.as_str(), |(name, _)| name);
        folded == identity || folded == before_at
    };
    if identities.iter().any(is_theirs) { Err(PasswordFault::Personal) } else { Ok(()) }
}

fn is_one_character(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_none_or(|first| characters.all(|c| c == first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_has_8_to_128_characters() {
        assert_eq!(check_password("short 7", &[]), Err(PasswordFault::Length));
        assert_eq!(check_password("long en8", &[]), Ok(()));
        assert_eq!(check_password(&"nine char".repeat(14), &[]), Ok(()));
        assert_eq!(check_password(&format!("x{}", "é".repeat(127)), &[]), Ok(()));
        assert_eq!(check_password(&format!("x{}", "é".repeat(128)), &[]), Err(PasswordFault::Length));
    }

    #[test]
    fn the_first_that_are_guessed_are_refused_in_any_case() {
        for common in ["password", "PassWord1", "12345678", "qwertyuiop", "P@ssw0rd", "iloveyou", "zzzzzzzzzzzz"] {
            assert_eq!(check_password(common, &[]), Err(PasswordFault::Common), "{common}");
        }
    }

    #[test]
    fn ones_own_names_are_refused() {
        let whose = ["ada.lovelace@example.com", "countess"];
        for personal in ["Ada.Lovelace@Example.com", "ada.lovelace", "Countess"] {
            assert_eq!(check_password(personal, &whose), Err(PasswordFault::Personal), "{personal}");
        }
        assert_eq!(check_password("the countess of code", &whose), Ok(()));
    }

    #[test]
    fn the_list_is_clean() {
        assert!(COMMON.len() > 4000);
        for entry in COMMON.iter() {
            assert!(entry.len() >= 8 && entry == &entry.to_lowercase().trim(), "{entry}");
        }
    }
}
