//! How a personal access token looks: the id of its row and 256 random bits. The row keeps a hash of those only.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::ids::TokenId;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

/// What every token begins with, so that a scanner for leaked secrets can tell.
const PREFIX: &str = "lobby_pat_";
const ID_BYTES: usize = 16;
const SECRET_BYTES: usize = 32;

/// A personal access token in the clear.
pub(crate) struct PersonalToken {
    id: TokenId,
    secret: [u8; SECRET_BYTES],
}

impl fmt::Debug for PersonalToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PersonalToken").field("id", &self.id).finish_non_exhaustive()
    }
}

impl PersonalToken {
    /// A fresh one with the row id `id`.
    pub(crate) fn random(id: TokenId) -> Self {
        Self { id, secret: rand::random() }
    }

    /// Whether a bearer token claims to be one.
    pub(crate) fn is_one(text: &str) -> bool {
        text.starts_with(PREFIX)
    }

    /// Reads what a client presents.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text.strip_prefix(PREFIX)?).ok()?;
        let (id, secret) = bytes.split_at_checked(ID_BYTES)?;
        Some(Self { id: TokenId(Uuid::from_slice(id).ok()?), secret: secret.try_into().ok()? })
    }

    /// What its owner gets to see, once.
    pub(crate) fn reveal(&self) -> String {
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode([self.id.0.as_bytes(), self.secret.as_slice()].concat()))
    }

    /// The id of its row.
    pub(crate) fn id(&self) -> TokenId {
        self.id
    }

    /// What the row keeps. A fast hash will do: nobody guesses 256 bits.
    pub(crate) fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.secret).to_vec()
    }

    /// Whether the row that keeps `hash` is this token's.
    pub(crate) fn matches(&self, hash: &[u8]) -> bool {
        self.hash().ct_eq(hash).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_as_it_was_shown_and_nothing_else_is_one() {
        let token = PersonalToken::random(TokenId(Uuid::from_u128(7)));
        let shown = token.reveal();
        assert!(PersonalToken::is_one(&shown));
        let read = PersonalToken::parse(&shown).unwrap();
        assert_eq!(read.id(), token.id());
        assert!(read.matches(&token.hash()));
        assert!(!PersonalToken::random(token.id()).matches(&token.hash()));
        for rubbish in ["", PREFIX, "lobby_pat_AAAA", &shown[10..], &shown[..shown.len() - 4], &format!("{shown}AAAA")]
        {
            assert!(PersonalToken::parse(rubbish).is_none(), "{rubbish}");
        }
        assert!(!format!("{token:?}").contains(&format!("{:?}", token.secret)));
    }
}
