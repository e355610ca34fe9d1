//! An avatar that is drawn from text: an emoji on a coloured ground.

use validator::ValidationError;

/// Whether it is an emoji, which may be a sequence of several characters, but no ordinary text.
pub(crate) fn check_emoji(text: &str) -> Result<(), ValidationError> {
    // Unicode counts some emoji as letters: ℹ, Ⓜ, and 🅰 with its neighbours beyond U+1F000.
    let letter = |c: char| c.is_alphabetic() && c < '\u{1F000}' && !matches!(c, 'ℹ' | 'Ⓜ');
    let ordinary = |c: char| letter(c) || c.is_whitespace() || c.is_control();
    if text.chars().count() <= 16 && !text.is_ascii() && !text.chars().any(ordinary) {
        return Ok(());
    }
    Err(ValidationError::new("emoji").with_message("It takes one emoji.".into()))
}

/// Whether it is a colour as CSS writes it in hexadecimal, in full.
pub(crate) fn check_color(text: &str) -> Result<(), ValidationError> {
    let digits = text.strip_prefix('#').unwrap_or_default();
    if digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(());
    }
    Err(ValidationError::new("color").with_message("It takes a colour as #rrggbb.".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emoji_is_no_word_and_a_color_six_digits() {
        for emoji in ["🦊", "👩‍👩‍👧‍👦", "1️⃣", "🇨🇭"] {
            assert!(check_emoji(emoji).is_ok(), "{emoji}");
        }
        for other in ["", "a", "12", "🦊 ", &"🦊".repeat(17)] {
            assert!(check_emoji(other).is_err(), "{other}");
        }
        assert!(check_color("#Ff8800").is_ok());
        assert!(check_color("ff8800").is_err() && check_color("#ff880").is_err() && check_color("#gggggg").is_err());
    }
}
