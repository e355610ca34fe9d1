//! What texts must be like, whatever the body they are in.

use std::borrow::Cow;

use validator::ValidationError;

use crate::{currency, slug};

/// A name for people: something to read, on one line.
pub(super) fn is_title(text: &str) -> Result<(), ValidationError> {
    if text.trim().is_empty() || text.chars().any(char::is_control) {
        return Err(fault("invalid_text", "It takes a text on one line that is not blank."));
    }
    Ok(())
}

/// A slug that nobody could mistake for an address of this API or an id.
pub(super) fn is_slug(text: &str) -> Result<(), ValidationError> {
    match slug::check(text) {
        Ok(()) => Ok(()),
        Err(slug::SlugFault::Malformed) => {
            let message = "It takes 1 to 63 of a-z, 0-9 and hyphens, not at the ends.";
            Err(fault("invalid_slug", message))
        }
        Err(slug::SlugFault::Reserved) => Err(fault("reserved", "This word is reserved.")),
    }
}

/// A currency of ISO 4217.
pub(super) fn is_currency(text: &str) -> Result<(), ValidationError> {
    if currency::is_active(text) {
        return Ok(());
    }
    Err(fault("invalid_currency", "It takes an ISO 4217 code of three capital letters, as in EUR."))
}

/// A name for programs: of a role, of a directory.
pub(super) fn is_name(text: &str) -> Result<(), ValidationError> {
    let part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-';
    if text.len() <= 63 && text.starts_with(|first: char| first.is_ascii_lowercase()) && text.bytes().all(part) {
        return Ok(());
    }
    Err(fault("invalid_name", "It takes a lower-case letter, then up to 62 of a-z, 0-9, _ and -."))
}

pub(super) fn fault(code: &'static str, message: &'static str) -> ValidationError {
    ValidationError::new(code).with_message(Cow::Borrowed(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_one_line_with_something_on_it() {
        assert!(is_title("Acme & Söhne").is_ok());
        for text in ["", "   ", "two\nlines", "bell\u{7}"] {
            assert!(is_title(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn names_are_lower_case_words() {
        for name in ["admin", "verified_developer", "a-1"] {
            assert!(is_name(name).is_ok(), "{name}");
        }
        for name in ["", "Admin", "1st", "_x", "a b", "ä", &"a".repeat(64)] {
            assert!(is_name(name).is_err(), "{name}");
        }
    }
}
