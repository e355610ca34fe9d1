//! Codes that change every half minute (RFC 6238): SHA-1, six digits, 30 seconds, which is what every app can do. A code
//! is taken half a minute early or late.

use std::fmt;

use chrono::{DateTime, Utc};
use kernel::{ids::UserId, keyring::Keyring};
use totp_rs::{Algorithm, Builder, Totp, TotpError};

/// For what the secret is sealed.
pub(crate) const SEALED_FOR: &str = "totp";
/// Bytes of the secret: as many as the hash has (RFC 4226 section 4).
const BYTES: usize = 20;
const PERIOD: u64 = 30;

/// What the server and somebody's app share.
pub(crate) struct TotpSecret([u8; BYTES]);

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret")
    }
}

impl TotpSecret {
    pub(crate) fn random() -> Self {
        Self(rand::random())
    }

    /// As it is kept: for this person and nobody else.
    pub(crate) fn seal(&self, keyring: &Keyring, user: UserId) -> Vec<u8> {
        keyring.seal(SEALED_FOR, user.0, &self.0)
    }

    /// What was kept, if the server still has the secret that it was sealed with.
    pub(crate) fn open(keyring: &Keyring, user: UserId, sealed: &[u8]) -> Option<Self> {
        keyring.open(SEALED_FOR, user.0, sealed)?.try_into().ok().map(Self)
    }

    fn totp(&self, issuer: &str, account: &str) -> Result<Totp, TotpError> {
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_skew(1)
            .with_step_duration(PERIOD)
            .with_secret(self.0.to_vec())
            .with_issuer(Some(plain(issuer)))
            .with_account_name(plain(account))
            .build()
    }

    /// As people type it into an app: base32 (RFC 4648).
    pub(crate) fn base32(&self) -> Result<String, TotpError> {
        Ok(self.totp("", "")?.secret().to_base32())
    }

    /// As an app reads it from a QR code.
    pub(crate) fn uri(&self, issuer: &str, account: &str) -> Result<String, TotpError> {
        self.totp(issuer, account)?.to_url()
    }

    /// The time step whose code this is, if it is one of the last, the current and the next. Takes the same time for
    /// every wrong one. Whether the step was taken before is for the caller to ask.
    pub(crate) fn step_of(&self, code: &str, now: DateTime<Utc>) -> Result<Option<i64>, TotpError> {
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        let step = self.totp("", "")?.check(&code, seconds);
        Ok(step.and_then(|step| i64::try_from(step).ok()))
    }
}

/// A name without what separates names in an address of an app.
fn plain(name: &str) -> String {
    name.replace(':', " ")
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    /// The secret of RFC 6238, appendix B.
    fn secret() -> TotpSecret {
        TotpSecret(*b"12345678901234567890")
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn the_codes_are_those_of_the_standard() {
        let vectors = [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ];
        for (seconds, code) in vectors {
            assert_eq!(secret().step_of(code, at(seconds)).unwrap(), Some(seconds / 30), "{seconds}");
        }
    }

    #[test]
    fn a_code_is_taken_one_step_early_or_late_and_no_more() {
        let taken = |steps: i64| secret().step_of("287082", at(59 + 30 * steps)).unwrap();
        assert_eq!([-1, 0, 1].map(taken), [Some(1), Some(1), Some(1)]);
        assert_eq!([2, 3].map(taken), [None, None]);
        for rubbish in ["", "28708", "2870822", "28708a", "+87082", "٢٨٧٠٨٢"] {
            assert_eq!(secret().step_of(rubbish, at(59)).unwrap(), None, "{rubbish}");
        }
        assert_eq!(secret().step_of("287 082", at(59)).unwrap(), Some(1));
    }

    #[test]
    fn the_address_says_all_that_an_app_needs() {
        let uri = secret().uri("lobby.example", "ada@example.com").unwrap();
        assert!(uri.starts_with("otpauth://totp/lobby.example:ada%40example.com?"), "{uri}");
        assert!(uri.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), "{uri}");
        assert!(uri.contains("issuer=lobby.example"), "{uri}");
        assert_eq!(secret().base32().unwrap(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert!(secret().uri("a:b", "c:d").is_ok());
    }

    #[test]
    fn it_is_sealed_for_one_person_and_opens_after_a_change_of_the_servers_secret() {
        let (ada, eve) = (UserId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)));
        let before = Keyring::new(b"before", []);
        let sealed = secret().seal(&before, ada);
        assert!(!sealed.windows(BYTES).any(|part| part == secret().0));
        let after = Keyring::new(b"after", [b"before".as_slice()]);
        assert_eq!(TotpSecret::open(&after, ada, &sealed).unwrap().0, secret().0);
        assert!(TotpSecret::open(&after, eve, &sealed).is_none());
        assert!(TotpSecret::open(&Keyring::new(b"after", []), ada, &sealed).is_none());
        assert!(!format!("{:?}", secret()).contains("49"));
    }
}
