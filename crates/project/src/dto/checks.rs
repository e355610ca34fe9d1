//! Checks of single fields that `validator` has no word for.

use kernel::money::Currency;
use validator::ValidationError;

use crate::key;

fn fault(code: &'static str, message: &'static str) -> ValidationError {
    ValidationError::new(code).with_message(message.into())
}

/// A text with something to see in it.
pub(super) fn is_not_blank(text: &str) -> Result<(), ValidationError> {
    if text.trim().is_empty() { Err(fault("blank", "It can't be blank.")) } else { Ok(()) }
}

/// A project key.
pub(super) fn is_key(text: &str) -> Result<(), ValidationError> {
    if key::is_key(text) {
        return Ok(());
    }
    Err(fault("project_key", "It takes 2 to 10 upper-case letters and digits, a letter first."))
}

/// A currency of ISO 4217.
pub(super) fn is_currency(text: &str) -> Result<(), ValidationError> {
    if Currency::of(text).is_some() {
        return Ok(());
    }
    Err(fault("invalid_currency", "It takes an ISO 4217 code of three capital letters, as in EUR."))
}

/// An emoji, which may be a sequence of several characters, but no ordinary text.
pub(super) fn is_emoji(text: &str) -> Result<(), ValidationError> {
    // Unicode counts some emoji as letters: ℹ, Ⓜ, and 🅰 with its neighbours beyond U+1F000.
    let letter = |c: char| c.is_alphabetic() && c < '\u{1F000}' && !matches!(c, 'ℹ' | 'Ⓜ');
    let ordinary = |c: char| letter(c) || c.is_whitespace() || c.is_control();
    if text.chars().count() <= 16 && !text.is_ascii() && !text.chars().any(ordinary) {
        return Ok(());
    }
    Err(fault("emoji", "It takes one emoji."))
}

/// A colour as CSS writes it in hexadecimal, in full.
pub(super) fn is_color(text: &str) -> Result<(), ValidationError> {
    let digits = text.strip_prefix('#').unwrap_or_default();
    if digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(());
    }
    Err(fault("color", "It takes a colour as #rrggbb."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emoji_may_be_a_sequence_but_no_word() {
        for emoji in ["🚀", "👩‍👩‍👧‍👦", "1️⃣", "🇨🇭", "❤️", "🅰️", "ℹ️"] {
            assert!(is_emoji(emoji).is_ok(), "{emoji}");
        }
        for other in ["", "a", "ß", "12", "🚀 ", "🚀x", &"🚀".repeat(17)] {
            assert!(is_emoji(other).is_err(), "{other}");
        }
    }

    #[test]
    fn a_color_is_six_hexadecimal_digits() {
        assert!(is_color("#ff8800").is_ok() && is_color("#ABCDEF").is_ok());
        for other in ["", "#", "ff8800", "#ff880", "#ff88000", "#ggg000", "#ff88é"] {
            assert!(is_color(other).is_err(), "{other}");
        }
    }

    #[test]
    fn white_space_is_blank() {
        assert!(is_not_blank(" \t\n").is_err() && is_not_blank("").is_err() && is_not_blank(" a ").is_ok());
    }
}
