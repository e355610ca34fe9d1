//! What the server's secret is good for beside cursors: tokens and codes that are sent to people but kept nowhere, and
//! fields that are encrypted at rest.
//!
//! A token or code is derived from the secret, a purpose and the id of the row it belongs to. The row needs to keep
//! nothing of it: whoever reads the database can't tell it, and whoever sends the mail later can derive it again.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305,
    aead::{Aead, Generate, Nonce, Payload},
};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

/// The first byte of what is sealed: how.
const VERSION: u8 = 1;
/// Bytes that tell by which secret something was sealed.
const KEY_ID: usize = 4;
/// Bytes of the nonce: so many that random ones don't meet.
const NONCE: usize = 24;

/// The server's secret and its former ones. Instances that share a database must share it.
#[derive(Clone)]
pub struct Keyring {
    /// The current one first.
    keys: Arc<[Key]>,
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keyring").field("keys", &self.keys.len()).finish()
    }
}

struct Key {
    id: [u8; KEY_ID],
    mac: Hmac<Sha256>,
    cipher: XChaCha20Poly1305,
}

impl Key {
    fn new(secret: &[u8]) -> Self {
        let derived = |what: &[u8]| Sha256::digest([what, secret].concat());
        // A key of the block's size needs no error path (RFC 2104 section 2).
        let mut block = [0; 64];
        block[..32].copy_from_slice(&derived(b"lobby keyring mac v1"));
        Self {
            id: std::array::from_fn(|byte| derived(b"lobby keyring id v1")[byte]),
            mac: Hmac::new(&block.into()),
            cipher: XChaCha20Poly1305::new(&derived(b"lobby keyring cipher v1")),
        }
    }

    /// The bytes that stand for row `id` and this purpose.
    fn derive(&self, purpose: &str, id: Uuid) -> [u8; 32] {
        let mut mac = self.mac.clone();
        mac.update(&(purpose.len() as u64).to_be_bytes());
        mac.update(purpose.as_bytes());
        mac.update(id.as_bytes());
        mac.finalize().into_bytes().into()
    }

    fn token(&self, purpose: &str, id: Uuid) -> String {
        URL_SAFE_NO_PAD.encode([id.as_bytes().as_slice(), &self.derive(purpose, id)].concat())
    }

    fn code(&self, purpose: &str, id: Uuid) -> String {
        let bytes = self.derive(purpose, id);
        let number = u64::from_be_bytes(std::array::from_fn(|byte| bytes[byte]));
        format!("{:06}", number % 1_000_000)
    }
}

impl Keyring {
    /// A ring of the current secret and the former ones, which still open and recognise what they made.
    pub fn new<'a>(current: &'a [u8], former: impl IntoIterator<Item = &'a [u8]>) -> Self {
        Self { keys: std::iter::once(current).chain(former).map(Key::new).collect() }
    }

    fn current(&self) -> Option<&Key> {
        self.keys.first()
    }

    /// The token of row `id` for this purpose: 64 characters of base64url, good in an address. It carries the id.
    pub fn token(&self, purpose: &str, id: Uuid) -> String {
        self.current().map(|key| key.token(purpose, id)).unwrap_or_default()
    }

    /// The row whose token for this purpose `presented` is; none for what this server never made.
    pub fn id_of_token(&self, purpose: &str, presented: &str) -> Option<Uuid> {
        let bytes = URL_SAFE_NO_PAD.decode(presented).ok()?;
        let id = Uuid::from_slice(bytes.get(..16)?).ok()?;
        let is_it = |key: &Key| bool::from(key.token(purpose, id).as_bytes().ct_eq(presented.as_bytes()));
        self.keys.iter().any(is_it).then_some(id)
    }

    /// The six digits of row `id` for this purpose. So few can be guessed: whoever takes them counts the tries.
    pub fn code(&self, purpose: &str, id: Uuid) -> String {
        self.current().map(|key| key.code(purpose, id)).unwrap_or_default()
    }

    /// Whether `presented` is the code of row `id` for this purpose. Takes the same time for every wrong one.
    pub fn is_code(&self, purpose: &str, id: Uuid, presented: &str) -> bool {
        let is_it = |key: &Key| bool::from(key.code(purpose, id).as_bytes().ct_eq(presented.as_bytes()));
        self.keys.iter().any(is_it)
    }

    /// What to know `value` by again without keeping it (RFC 2104): nobody without the secret can try what it was.
    pub fn mark(&self, purpose: &str, value: &[u8]) -> Vec<u8> {
        self.current().map(|key| mark(key, purpose, value)).unwrap_or_default()
    }

    /// The mark of `value` by each secret, the current one's first; for look-ups while secrets change.
    pub fn marks(&self, purpose: &str, value: &[u8]) -> Vec<Vec<u8>> {
        self.keys.iter().map(|key| mark(key, purpose, value)).collect()
    }

    /// Encrypts a field of row `id` (XChaCha20-Poly1305, RFC 8439). It opens for the same purpose and row only.
    pub fn seal(&self, purpose: &str, id: Uuid, plain: &[u8]) -> Vec<u8> {
        let Some(key) = self.current() else { return Vec::new() };
        let nonce = Nonce::<XChaCha20Poly1305>::generate();
        let context = context(purpose, id);
        let payload = Payload { msg: plain, aad: &context };
        // Fails only beyond 256 GiB.
        let Ok(sealed) = key.cipher.encrypt(&nonce, payload) else { return Vec::new() };
        [&[VERSION], key.id.as_slice(), nonce.as_slice(), &sealed].concat()
    }

    /// Decrypts what [`Keyring::seal`] made for the same purpose and row; none if it wasn't, or by a secret that is gone.
    pub fn open(&self, purpose: &str, id: Uuid, sealed: &[u8]) -> Option<Vec<u8>> {
        let (&VERSION, rest) = sealed.split_first()? else { return None };
        let (key_id, rest) = rest.split_at_checked(KEY_ID)?;
        let (nonce, cipher) = rest.split_at_checked(NONCE)?;
        let key = self.keys.iter().find(|key| key.id == key_id)?;
        let nonce = Nonce::<XChaCha20Poly1305>::try_from(nonce).ok()?;
        key.cipher.decrypt(&nonce, Payload { msg: cipher, aad: &context(purpose, id) }).ok()
    }

    /// What tells, in bytes 2 to 5 of what is sealed, that the current secret did it: for looking in a database for what
    /// another one did.
    pub fn seal_mark(&self) -> Vec<u8> {
        self.current().map(|key| key.id.to_vec()).unwrap_or_default()
    }

    /// Whether what is sealed so should be sealed anew, because the secret has changed since.
    pub fn is_stale(&self, sealed: &[u8]) -> bool {
        let current = self.current().map(|key| key.id.as_slice());
        sealed.get(1..=KEY_ID) != current
    }
}

fn mark(key: &Key, purpose: &str, value: &[u8]) -> Vec<u8> {
    let mut mac = key.mac.clone();
    mac.update(b"mark");
    mac.update(&(purpose.len() as u64).to_be_bytes());
    mac.update(purpose.as_bytes());
    mac.update(value);
    mac.finalize().into_bytes().to_vec()
}

fn context(purpose: &str, id: Uuid) -> Vec<u8> {
    [purpose.as_bytes(), &[0], id.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring() -> Keyring {
        Keyring::new(b"current", [])
    }

    #[test]
    fn a_token_names_its_row_and_no_other_purpose_takes_it() {
        let id = Uuid::now_v7();
        let token = ring().token("invitation", id);
        assert_eq!(ring().id_of_token("invitation", &token), Some(id));
        assert_eq!(ring().id_of_token("reset", &token), None);
        assert_eq!(Keyring::new(b"other", []).id_of_token("invitation", &token), None);
        assert_eq!(Keyring::new(b"next", [b"current".as_slice()]).id_of_token("invitation", &token), Some(id));
        for rubbish in ["", "AAAA", &"A".repeat(64), &token[1..], &format!("{token}AAAA")] {
            assert_eq!(ring().id_of_token("invitation", rubbish), None, "{rubbish}");
        }
    }

    #[test]
    fn a_code_is_six_digits_and_its_row_s_alone() {
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let code = ring().code("phone", one);
        assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()));
        assert!(ring().is_code("phone", one, &code));
        assert!(!ring().is_code("phone", two, &code));
        assert!(!ring().is_code("reset", one, &code));
        assert!(!ring().is_code("phone", one, ""));
        assert!(Keyring::new(b"next", [b"current".as_slice()]).is_code("phone", one, &code));
    }

    #[test]
    fn what_is_sealed_opens_in_its_place_only_and_survives_a_change_of_secret() {
        let (id, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let sealed = ring().seal("national_id", id, b"756.1234.5678.97");
        assert_ne!(sealed, ring().seal("national_id", id, b"756.1234.5678.97"), "a nonce of its own");
        assert_eq!(ring().open("national_id", id, &sealed).unwrap(), b"756.1234.5678.97");
        assert_eq!(ring().open("national_id", other, &sealed), None);
        assert_eq!(ring().open("totp", id, &sealed), None);

        let rotated = Keyring::new(b"next", [b"current".as_slice()]);
        assert_eq!(rotated.open("national_id", id, &sealed).unwrap(), b"756.1234.5678.97");
        assert!(rotated.is_stale(&sealed) && !ring().is_stale(&sealed));
        assert_eq!(sealed[1..5], ring().seal_mark());
        assert_ne!(rotated.seal_mark(), ring().seal_mark());
        assert_eq!(Keyring::new(b"next", []).open("national_id", id, &sealed), None);

        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert_eq!(ring().open("national_id", id, &changed), None, "byte {place}");
            assert_eq!(ring().open("national_id", id, &sealed[..place]), None, "cut at {place}");
        }
    }

    #[test]
    fn marks_are_the_value_s_and_the_purpose_s() {
        assert_eq!(ring().mark("a", b"value"), ring().mark("a", b"value"));
        assert_ne!(ring().mark("a", b"value"), ring().mark("b", b"value"));
        let rotated = Keyring::new(b"next", [b"current".as_slice()]);
        assert!(rotated.marks("a", b"value").contains(&ring().mark("a", b"value")));
    }
}
