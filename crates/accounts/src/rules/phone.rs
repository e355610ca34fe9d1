//! Phone numbers: which are taken for one, and the form in which they are kept (ITU-T E.164).

use phonenumber::Mode;
use validator::ValidationError;

/// The form in which a number is kept, as in `+41791234567`; none if it is no number that could be called.
pub(crate) fn phone_key(text: &str) -> Option<String> {
    let text = text.trim();
    let written = |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '.' | '(' | ')');
    // Without its country a number means another one in each.
    if !text.starts_with('+') || text.len() > 32 || !text.chars().all(written) {
        return None;
    }
    let number = phonenumber::parse(None, text).ok().filter(phonenumber::is_valid)?;
    let key = number.format().mode(Mode::E164).to_string();
    (8..=16).contains(&key.len()).then_some(key)
}

/// Whether it is a number, with its country; spaces and the like in it are forgiven.
pub(crate) fn check_phone(text: &str) -> Result<(), ValidationError> {
    if phone_key(text).is_some() {
        return Ok(());
    }
    let sentence = "It takes a phone number with its country, as in +41791234567.";
    Err(ValidationError::new("phone").with_message(sentence.into()))
}

/// Reads the world's numbering plans, which takes a tenth of a second, so that nobody's first number does.
pub fn warm_up() {
    let _ = phone_key("+41791234567");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_kept_in_one_form() {
        for written in ["+41791234567", " +41 79 123 45 67", "+41 (0)79 123-45-67", "+41.79.123.45.67"] {
            assert_eq!(phone_key(written).as_deref(), Some("+41791234567"), "{written}");
        }
        assert_eq!(phone_key("+1 650-253-0000").as_deref(), Some("+16502530000"));
    }

    #[test]
    fn what_can_not_be_called_is_refused() {
        let long = format!("+41{}", "1".repeat(400));
        for wrong in
            ["", "+", "0791234567", "0041791234567", "+41", "+999123456789", "+4179123456789", "+41 79 abc", &long]
        {
            assert!(check_phone(wrong).is_err(), "{wrong:?}");
        }
        assert!(check_phone("+41791234567 ext. 5").is_err());
    }
}
