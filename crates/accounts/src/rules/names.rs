//! Usernames and people's names.

use validator::ValidationError;

/// The form in which a username is kept, unique and looked up.
pub(crate) fn username_key(username: &str) -> String {
    username.trim().to_lowercase()
}

/// Whether it is a username: 3 to 32 letters, digits, dots, underscores and hyphens, of whatever case.
pub(crate) fn check_username(username: &str) -> Result<(), ValidationError> {
    let key = username_key(username);
    let in_username = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '.' | '-');
    if (3..=32).contains(&key.len()) && key.chars().all(in_username) {
        return Ok(());
    }
    let sentence = "It takes 3 to 32 of the letters a to z, digits, dots, underscores and hyphens.";
    Err(ValidationError::new("username").with_message(sentence.into()))
}

/// Whether it can be a given or family name.
pub(crate) fn check_name(name: &str) -> Result<(), ValidationError> {
    let name = name.trim();
    if name.chars().any(char::is_control) || !(1..=100).contains(&name.chars().count()) {
        let sentence = "It takes 1 to 100 characters.";
        return Err(ValidationError::new("length").with_message(sentence.into()));
    }
    Ok(())
}

/// A name without the spaces around it.
pub(crate) fn trimmed(name: &str) -> String {
    name.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usernames_are_of_few_characters_and_no_case() {
        for right in ["ada", "Ada.Lovelace", "a_d-a.1815", &"a".repeat(32)] {
            assert!(check_username(right).is_ok(), "{right}");
        }
        for wrong in ["", "ad", "ada lovelace", "ada@example", "ädä", &"a".repeat(33)] {
            assert!(check_username(wrong).is_err(), "{wrong}");
        }
        assert_eq!(username_key("Ada"), "ada");
    }

    #[test]
    fn names_are_of_one_line_and_bounded() {
        for right in ["X", "Ngozi", "María José", "O’Neill", &"é".repeat(100)] {
            assert!(check_name(right).is_ok(), "{right}");
        }
        for wrong in ["", "   ", "two\nlines", &"é".repeat(101)] {
            assert!(check_name(wrong).is_err(), "{wrong:?}");
        }
    }
}
