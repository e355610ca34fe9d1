//! The number or name by which a state knows someone. It is kept sealed, and out of logs.

use std::fmt;

use serde::{Deserialize, Serialize};
use validator::ValidationError;

/// A national identity number in the clear.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NationalId(String);

impl NationalId {
    /// Without the spaces around it.
    pub(crate) fn trimmed(&self) -> Self {
        Self(self.0.trim().to_owned())
    }

    /// What is sealed.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// What was sealed.
    pub(crate) fn opened(bytes: Vec<u8>) -> Option<Self> {
        String::from_utf8(bytes).ok().map(Self)
    }
}

impl fmt::Debug for NationalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NationalId")
    }
}

/// Whether it can be one: 4 to 32 letters, digits, dots, hyphens and spaces. What they mean is each state's affair.
pub(crate) fn check_national_id(id: &NationalId) -> Result<(), ValidationError> {
    let id = id.0.trim();
    let fits = id.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | ' '));
    if fits && (4..=32).contains(&id.chars().count()) {
        return Ok(());
    }
    let sentence = "It takes 4 to 32 letters, digits, dots, hyphens and spaces.";
    Err(ValidationError::new("national_id").with_message(sentence.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_many_states_fit() {
        for right in ["756.1234.5678.97", " 19900101-1234 ", "AB 12 34 56 C", "8601151234", "МВ1234567"] {
            assert!(check_national_id(&NationalId(right.into())).is_ok(), "{right}");
        }
        for wrong in ["", "   ", " 123 ", "12/34", "1234\n5678", "1234_5", &"1".repeat(33)] {
            assert!(check_national_id(&NationalId(wrong.into())).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn it_is_not_printed() {
        assert_eq!(format!("{:?}", NationalId("756.1234.5678.97".into())), "NationalId");
    }
}
