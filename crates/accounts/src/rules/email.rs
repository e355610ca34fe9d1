//! E-mail addresses: which are taken for one, and when two are the same.

use validator::{ValidateEmail, ValidationError};

/// RFC 5321 section 4.5.3.1.3, less the angle brackets.
const MAX_LENGTH: usize = 254;

/// The form in which an address is unique and looked up: without spaces around it, in lower case.
pub(crate) fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Whether it is an address, by the rule of HTML's `input type=email`; spaces around it are forgiven.
pub(crate) fn check_email(email: &str) -> Result<(), ValidationError> {
    let email = email.trim();
    let fits = email.chars().count() <= MAX_LENGTH && email_key(email).chars().count() <= MAX_LENGTH;
    if fits && email.validate_email() { Ok(()) } else { Err(ValidationError::new("email")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_the_same_whatever_their_case() {
        assert_eq!(email_key("  Ada.Lovelace@Example.COM "), "ada.lovelace@example.com");
        assert_eq!(email_key("ÄDA@BÜCHER.example"), "äda@bücher.example");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        assert!(check_email(" ada@example.com ").is_ok());
        for wrong in ["", "ada", "ada@", "@example.com", "a b@example.com", "ada@example.com\nbcc: eve@example.com"] {
            assert!(check_email(wrong).is_err(), "{wrong:?}");
        }
        assert!(check_email(&format!("ada@{}.example", "long.".repeat(60))).is_err());
    }
}
