//! Keyset pages and the opaque, tamper-evident cursors between them.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::problem::Problem;

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// The rows, in the order asked for.
    pub items: Vec<T>,
    /// What to pass as `cursor` for the next page; null on the last.
    pub next: Option<String>,
    /// How many rows there are in all, counted up to a cap; only with `count=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
}

impl<T> Page<T> {
    /// The same page with every item turned into something else.
    pub fn map<U>(self, view: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(view).collect(), next: self.next, count: self.count }
    }
}

/// Bytes of the tag that are kept: 128 bits.
const TAG: usize = 16;

/// Seals cursors, so that a client can hand them back but not make or change them.
#[derive(Clone)]
pub struct CursorSeal(Hmac<Sha256>);

impl std::fmt::Debug for CursorSeal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CursorSeal")
    }
}

impl CursorSeal {
    /// A seal with a secret of this server. Instances that share a load balancer must share it.
    pub fn new(secret: &[u8]) -> Self {
        // A key of the block's size needs no error path (RFC 2104 section 2): the secret's hash, filled up with zeros.
        let mut key = [0; 64];
        key[..32].copy_from_slice(&Sha256::digest([b"lobby cursor v1".as_slice(), secret].concat()));
        Self(Hmac::new(&key.into()))
    }

    fn tag(&self, context: &str, payload: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        mac.update(&(context.len() as u64).to_be_bytes());
        mac.update(context.as_bytes());
        mac.update(payload);
        mac
    }

    /// What to know `payload` by again without keeping it: no one without the secret can try what it was.
    pub(crate) fn mark(&self, context: &str, payload: &[u8]) -> Vec<u8> {
        self.tag(context, payload).finalize().into_bytes().to_vec()
    }

    /// Seals `position`, the sort key of a page's last row, for lists of the same `context` (path and sort).
    pub fn seal(&self, context: &str, position: &impl Serialize) -> Result<String, Problem> {
        let mut bytes = serde_json::to_vec(position).map_err(|error| Problem::internal(&error))?;
        let tag = self.tag(context, &bytes).finalize().into_bytes();
        bytes.extend_from_slice(&tag[..TAG]);
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Opens a cursor of the same `context`; anything else is a 422 at `?cursor`.
    pub fn open<K: DeserializeOwned>(&self, context: &str, cursor: &str) -> Result<K, Problem> {
        self.try_open(context, cursor).ok_or_else(|| {
            let detail = "The cursor is not one that this list handed out; start again without it.";
            Problem::invalid_field("?cursor", "invalid_cursor", detail)
        })
    }

    fn try_open<K: DeserializeOwned>(&self, context: &str, cursor: &str) -> Option<K> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (payload, tag) = bytes.split_at_checked(bytes.len().checked_sub(TAG)?)?;
        self.tag(context, payload).verify_truncated_left(tag).ok()?;
        serde_json::from_slice(payload).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_opens_only_unchanged_and_where_it_was_made() {
        let seal = CursorSeal::new(b"secret");
        let cursor = seal.seal("/projects -created_at", &("2026-01-01", 7)).unwrap();
        let opened: (String, i32) = seal.open("/projects -created_at", &cursor).unwrap();
        assert_eq!(opened, ("2026-01-01".to_owned(), 7));

        assert!(seal.open::<(String, i32)>("/projects name", &cursor).is_err());
        assert!(CursorSeal::new(b"other").open::<(String, i32)>("/projects -created_at", &cursor).is_err());
        for place in 0..cursor.len() {
            let mut changed = cursor.clone().into_bytes();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(seal.open::<(String, i32)>("/projects -created_at", &changed).is_err(), "byte {place}");
        }
    }

    #[test]
    fn rubbish_is_no_cursor() {
        let seal = CursorSeal::new(b"secret");
        for rubbish in ["", "a", "%%%", "AAAA", &"A".repeat(10_000)] {
            assert!(seal.open::<(String, i32)>("/x", rubbish).is_err());
        }
    }
}
