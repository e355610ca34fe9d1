//! Device tokens: what a client keeps, also when it is signed out, to be known by.

use kernel::keyring::Keyring;
use secrecy::SecretString;
use uuid::Uuid;

/// What every token begins with, so that a scanner for leaked secrets can tell.
const PREFIX: &str = "lobby_dt_";
const PURPOSE: &str = "device";

/// The token of a device. Whose it is, and whether it still counts, is in the database.
pub(super) fn token(keyring: &Keyring, device: Uuid) -> SecretString {
    format!("{PREFIX}{}", keyring.token(PURPOSE, device)).into()
}

/// The device whose token this is; none for what this server never made.
pub(super) fn read(keyring: &Keyring, token: &str) -> Option<Uuid> {
    keyring.id_of_token(PURPOSE, token.trim().strip_prefix(PREFIX)?)
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_device_is_known_by_its_token_and_by_nothing_else() {
        let (ring, device) = (Keyring::new(b"secret", []), Uuid::from_u128(7));
        let token = token(&ring, device);
        let token = token.expose_secret();
        assert_eq!(read(&ring, token), Some(device));
        assert_eq!(read(&Keyring::new(b"next", [b"secret".as_slice()]), token), Some(device));
        assert_eq!(read(&Keyring::new(b"other", []), token), None);
        for rubbish in ["", PREFIX, &token[PREFIX.len()..], &token[..token.len() - 1], &ring.token("other", device)] {
            assert_eq!(read(&ring, rubbish), None, "{rubbish}");
        }
    }
}
