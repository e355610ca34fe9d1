//! Codes for the day when the app is lost: each good once, and kept as a keyed hash.

use std::fmt;

use kernel::{ids::UserId, keyring::Keyring};

/// How many somebody gets.
pub(crate) const RECOVERY_CODES: usize = 10;
/// Thirty-two characters that nobody mistakes for each other: five bits each.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Characters of a code: 60 bits.
const LENGTH: usize = 12;
const PURPOSE: &str = "recovery code";

/// A recovery code in the clear.
pub(crate) struct RecoveryCode(String);

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode")
    }
}

impl RecoveryCode {
    pub(crate) fn random() -> Self {
        let bytes: [u8; LENGTH] = rand::random();
        Self(bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect())
    }

    /// What somebody typed, however they grouped it.
    pub(crate) fn read(text: &str) -> Self {
        let kept = text.chars().filter(|c| !c.is_whitespace() && *c != '-');
        Self(kept.flat_map(char::to_lowercase).take(2 * LENGTH).collect())
    }

    /// As it is shown: in groups of four.
    pub(crate) fn reveal(&self) -> String {
        let groups: Vec<&str> = (0..LENGTH).step_by(4).filter_map(|at| self.0.get(at..at + 4)).collect();
        groups.join("-")
    }

    /// What is kept of it.
    pub(crate) fn mark(&self, keyring: &Keyring, user: UserId) -> Vec<u8> {
        keyring.mark(PURPOSE, &self.of(user))
    }

    /// What may be kept of it, by this secret of the server or a former one.
    pub(crate) fn marks(&self, keyring: &Keyring, user: UserId) -> Vec<Vec<u8>> {
        keyring.marks(PURPOSE, &self.of(user))
    }

    fn of(&self, user: UserId) -> Vec<u8> {
        [user.0.as_bytes().as_slice(), self.0.as_bytes()].concat()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_code_is_known_again_however_it_is_typed_and_by_its_owner_only() {
        let (ada, eve) = (UserId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)));
        let ring = Keyring::new(b"after", [b"before".as_slice()]);
        let code = RecoveryCode::random();
        let shown = code.reveal();
        assert_eq!(shown.len(), LENGTH + 2);
        for typed in [shown.clone(), shown.to_uppercase(), shown.replace('-', " "), shown.replace('-', "")] {
            assert_eq!(RecoveryCode::read(&typed).mark(&ring, ada), code.mark(&ring, ada), "{typed}");
        }
        assert_ne!(code.mark(&ring, eve), code.mark(&ring, ada));
        assert_ne!(RecoveryCode::random().mark(&ring, ada), code.mark(&ring, ada));
        let before = code.mark(&Keyring::new(b"before", []), ada);
        assert!(code.marks(&ring, ada).contains(&before));
    }
}
