//! Access tokens as such: JWTs by the profile of RFC 9068, signed with Ed25519.

use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header, encode, errors::Error, jwk::JwkSet};
use kernel::{
    authority::{SignIn, TokenFault},
    ids::{SessionId, UserId},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::keys::KeyRing;
use crate::settings::AccountSettings;

/// RFC 9068 section 2.1: what tells an access token from any other JWT.
const TYPE: &str = "at+jwt";
/// The one client there is: people sign in to the product itself.
const CLIENT: &str = "lobby";

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: UserId,
    sid: SessionId,
    jti: Uuid,
    iat: i64,
    exp: i64,
    client_id: String,
}

/// What a genuine token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Verified {
    pub(super) caller: SignIn,
    pub(super) expires_at: DateTime<Utc>,
}

/// Makes and reads tokens. Knows nothing of sessions.
#[derive(Debug)]
pub(super) struct AccessTokens {
    keys: KeyRing,
    issuer: String,
    audience: String,
    lifetime: std::time::Duration,
    validation: Validation,
}

impl AccessTokens {
    pub(super) fn new(settings: &AccountSettings, keys: KeyRing) -> Self {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[&settings.issuer]);
        validation.set_audience(&[&settings.audience]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
        // The library reads the system's clock; the expiry is checked against ours, at every use.
        validation.validate_exp = false;
        Self {
            keys,
            issuer: settings.issuer.clone(),
            audience: settings.audience.clone(),
            lifetime: settings.access_ttl,
            validation,
        }
    }

    pub(super) fn jwks(&self) -> &JwkSet {
        self.keys.published()
    }

    /// A token for `caller` from `now` on.
    pub(super) fn issue(&self, caller: SignIn, now: DateTime<Utc>) -> Result<String, Error> {
        let (id, key) = self.keys.signing();
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(id.to_owned());
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: caller.user,
            sid: caller.session,
            jti: Uuid::new_v4(),
            iat: now.timestamp(),
            exp: (now + self.lifetime).timestamp(),
            client_id: CLIENT.to_owned(),
        };
        encode(&header, &claims, key)
    }

    /// What `token` says, if a key of ours signed it for us. Whether it is expired is for the caller to ask.
    pub(super) fn read(&self, token: &str) -> Result<Verified, TokenFault> {
        let header = decode_header(token).map_err(|_| TokenFault::Invalid)?;
        if !header.typ.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case(TYPE)) {
            return Err(TokenFault::Invalid);
        }
        let key = header.kid.as_deref().and_then(|id| self.keys.verifying(id)).ok_or(TokenFault::Invalid)?;
        let read = decode::<Claims>(token, key, &self.validation).map_err(|_| TokenFault::Invalid)?;
        let Claims { sub: user, sid: session, exp, .. } = read.claims;
        let expires_at = DateTime::from_timestamp(exp, 0).ok_or(TokenFault::Invalid)?;
        Ok(Verified { caller: SignIn { user, session }, expires_at })
    }
}

#[cfg(test)]
mod tests;
