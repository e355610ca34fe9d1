//! Refresh tokens: how they look, how they are kept, and how a used one leads to its successor.
//!
//! A token is the id of its row and 32 secret bytes. The row keeps a hash of the secret only. The successor's secret is
//! derived from the token and a secret of the server, so that the same token leads to the same successor again without
//! the successor being kept anywhere.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, Utc};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

/// How long a used token still leads to its successor: long enough to ask again after a lost reply.
const RETRY_WINDOW: Duration = Duration::seconds(30);

/// What every token begins with, so that a scanner for leaked secrets can tell.
const PREFIX: &str = "lobby_rt_";
const ID_BYTES: usize = 16;
const SECRET_BYTES: usize = 32;

/// A refresh token in the clear.
pub(crate) struct RefreshToken {
    id: Uuid,
    secret: [u8; SECRET_BYTES],
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshToken").field("id", &self.id).finish_non_exhaustive()
    }
}

impl RefreshToken {
    /// A fresh one with the row id `id`.
    pub(crate) fn random(id: Uuid) -> Self {
        Self { id, secret: rand::random() }
    }

    /// Reads what a client presents.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text.trim().strip_prefix(PREFIX)?).ok()?;
        let (id, secret) = bytes.split_at_checked(ID_BYTES)?;
        Some(Self { id: Uuid::from_slice(id).ok()?, secret: secret.try_into().ok()? })
    }

    /// What the client gets.
    pub(crate) fn reveal(&self) -> String {
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode([self.id.as_bytes(), self.secret.as_slice()].concat()))
    }

    /// The id of its row.
    pub(crate) fn id(&self) -> Uuid {
        self.id
    }

    /// What the row keeps.
    pub(crate) fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.secret).to_vec()
    }

    /// Whether the row that keeps `hash` is this token's.
    pub(crate) fn matches(&self, hash: &[u8]) -> bool {
        self.hash().ct_eq(hash).into()
    }
}

/// Derives successors. Instances that share a database must share its secret.
#[derive(Clone)]
pub(crate) struct Succession(Hmac<Sha256>);

impl fmt::Debug for Succession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Succession")
    }
}

impl Succession {
    /// The succession by a secret of this server.
    pub(crate) fn new(secret: &SecretString) -> Self {
        // A key of the block's size needs no error path (RFC 2104 section 2): the secret's hash, filled up with zeros.
        let mut key = [0; 64];
        let label = b"lobby refresh succession v1";
        let secret = secret.expose_secret().as_bytes();
        key[..32].copy_from_slice(&Sha256::digest([label.as_slice(), secret].concat()));
        Self(Hmac::new(&key.into()))
    }

    /// The token that follows `token`, with the row id `id`.
    pub(crate) fn successor(&self, token: &RefreshToken, id: Uuid) -> RefreshToken {
        let mut mac = self.0.clone();
        mac.update(token.id.as_bytes());
        mac.update(&token.secret);
        mac.update(id.as_bytes());
        RefreshToken { id, secret: mac.finalize().into_bytes().into() }
    }
}

/// What a genuine token of a living session is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Worth {
    /// It is the session's current one: it is to be replaced.
    Current,
    /// It was used a moment ago, and leads to this successor again.
    Again(Uuid),
    /// It was used long ago: someone has a copy.
    Stolen,
}

impl Worth {
    /// The worth at `now` of a token that was replaced then, by that one.
    pub(crate) fn of(replaced: Option<(DateTime<Utc>, Uuid)>, now: DateTime<Utc>) -> Self {
        match replaced {
            None => Self::Current,
            Some((at, successor)) if now <= at + RETRY_WINDOW => Self::Again(successor),
            Some(_) => Self::Stolen,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn succession() -> Succession {
        Succession::new(&SecretString::from("a secret of the server"))
    }

    #[test]
    fn a_token_is_read_as_it_was_shown() {
        let token = RefreshToken::random(Uuid::from_u128(7));
        let read = RefreshToken::parse(&token.reveal()).unwrap();
        assert_eq!(read.id(), token.id());
        assert!(read.matches(&token.hash()));
        assert!(!RefreshToken::random(token.id()).matches(&token.hash()));
    }

    #[test]
    fn rubbish_is_no_token() {
        let whole = RefreshToken::random(Uuid::from_u128(7)).reveal();
        for rubbish in
            ["", "lobby_rt_", "lobby_rt_AAAA", &whole[9..], &whole[..whole.len() - 4], &format!("{whole}AAAA")]
        {
            assert!(RefreshToken::parse(rubbish).is_none(), "{rubbish}");
        }
    }

    #[test]
    fn a_token_leads_to_the_same_successor_again_and_to_no_other() {
        let token = RefreshToken::random(Uuid::from_u128(7));
        let id = Uuid::from_u128(8);
        let successor = succession().successor(&token, id);
        assert_eq!(successor.reveal(), succession().successor(&token, id).reveal());
        assert_eq!(successor.id(), id);

        let others = [
            Succession::new(&SecretString::from("another secret")).successor(&token, id),
            succession().successor(&RefreshToken::random(token.id()), id),
            succession().successor(&token, Uuid::from_u128(9)),
            succession().successor(&successor, id),
        ];
        for other in others {
            assert_ne!(other.reveal(), successor.reveal());
        }
    }

    #[test]
    fn a_used_token_is_good_for_half_a_minute_more() {
        let used = DateTime::UNIX_EPOCH;
        let successor = Uuid::from_u128(8);
        let worth_after = |seconds| Worth::of(Some((used, successor)), used + Duration::seconds(seconds));
        assert_eq!(Worth::of(None, used), Worth::Current);
        assert_eq!(worth_after(0), Worth::Again(successor));
        assert_eq!(worth_after(30), Worth::Again(successor));
        assert_eq!(worth_after(31), Worth::Stolen);
    }

    #[test]
    fn debug_shows_no_secret() {
        let token = RefreshToken::random(Uuid::from_u128(7));
        assert!(!format!("{token:?}").contains(&format!("{:?}", token.secret)));
        assert!(!format!("{:?}", succession()).contains("secret"));
    }
}
