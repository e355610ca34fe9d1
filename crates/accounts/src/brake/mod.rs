//! The brake on guessing: every way of proving who one is goes through it.
//!
//! An attempt is counted as failed before it is looked at, and taken back when it turns out right: so any number at
//! once are let in exactly as many as the bounds say. It is counted by *what* is tried (a kind of secret, of an account
//! by the name that was typed, whether there is one or not) and by *where from*. Beyond some free attempts the wait
//! doubles with each failure; with time failures are forgiven.
//!
//! Strangers share one count per account, wherever they come from, which bounds what all of them together may guess.
//! A device that has signed in to the account before has a count of its own instead, and so has a network from which
//! someone lately did: that is how a crowd of strangers can't keep the owner out.

mod bounds;
mod counters;
mod device;

use std::sync::Arc;

use kernel::{clock::Clock, facts::RequestFacts, ids::UserId, keyring::Keyring};
use sea_orm::{ConnectionTrait, DbErr};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

pub(crate) use self::counters::{PostgresCounters, sweep};
use self::{
    bounds::{FAMILIAR, HOST, NEIGHBOURHOOD, STRANGERS, host, neighbourhood},
    counters::{Asked, Bucket, Buckets, Counters, Recognition, Standing, Verdict},
};
use crate::error::AccountsError;

/// What someone tries to prove. Each kind is counted by itself for an account, and all together for a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A password, to sign in.
    SignIn,
    /// One's current password, by who is signed in.
    CurrentPassword,
    /// A second factor or a recovery code.
    SecondFactor,
    /// A code to reset a password with.
    ResetCode,
    /// A code that confirms an e-mail address.
    EmailCode,
    /// A code that confirms a phone number.
    PhoneCode,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::CurrentPassword => "current_password",
            Self::SecondFactor => "second_factor",
            Self::ResetCode => "reset_code",
            Self::EmailCode => "email_code",
            Self::PhoneCode => "phone_code",
        }
    }
}

/// Slows down who guesses. Clones share everything.
///
/// Whoever examines a secret that could be guessed does so between these two lines, and answers the error as it is:
///
/// ```ignore
/// let attempt = brake.attempt(Kind::SecondFactor, &user.to_string(), permit.facts()).await?;
/// if !is_right(..) {
///     attempt.failed();
///     return Err(AccountsError::WrongCode);
/// }
/// attempt.succeeded().await?;          // or, where a session begins, `attempt.signed_in(..)`
/// ```
///
/// The account is named as the client named it, folded, before it is known whether there is one; or by its id where it
/// is known anyway. An attempt costs one statement, one that is refused too, and a success one more.
#[derive(Clone)]
pub struct Brake {
    counters: Arc<dyn Counters>,
    keyring: Keyring,
    clock: Clock,
}

impl std::fmt::Debug for Brake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Brake")
    }
}

impl Brake {
    pub(crate) fn new(counters: Arc<dyn Counters>, keyring: Keyring, clock: Clock) -> Self {
        Self { counters, keyring, clock }
    }

    /// Lets an attempt in, counted as failed until it is said to have been right; or answers 429 with the time to wait.
    pub async fn attempt(&self, kind: Kind, account: &str, facts: &RequestFacts) -> Result<Attempt, AccountsError> {
        self.attempt_with(kind, account, facts, None).await
    }

    /// The same, of a client that may be a device that its owner has signed in with before.
    pub async fn attempt_with(
        &self,
        kind: Kind,
        account: &str,
        facts: &RequestFacts,
        device: Option<&SecretString>,
    ) -> Result<Attempt, AccountsError> {
        let device = device.and_then(|token| device::read(&self.keyring, token.expose_secret()));
        let buckets = self.buckets(kind, account, facts, device);
        let recognition = Recognition {
            account: account.to_owned(),
            device,
            networks: self.familiar(account, facts).unwrap_or_default(),
        };
        let asked = Asked { buckets, recognition };
        match self.counters.take(&asked, self.clock.now()).await? {
            Verdict::Admitted(standing) => {
                let device = device.filter(|_| standing == Standing::Device);
                let counted = asked.buckets.of(standing).to_vec();
                Ok(Attempt { brake: self.clone(), counted, device })
            }
            Verdict::Refused(seconds) => Err(AccountsError::SlowDown { seconds }),
        }
    }

    fn mark(&self, what: &[&[u8]]) -> Vec<u8> {
        self.keyring.mark("brake", &joined(what))
    }

    /// What the attempt counts in, depending on who it turns out to be.
    fn buckets(&self, kind: Kind, account: &str, facts: &RequestFacts, device: Option<Uuid>) -> Buckets {
        let (kind, account) = (kind.as_str().as_bytes(), account.as_bytes());
        let strangers = Bucket { key: self.mark(&[b"strangers", kind, account]), bounds: STRANGERS };
        let Some(address) = facts.client else {
            return Buckets { stranger: vec![strangers.clone()], familiar: vec![strangers], device: Vec::new() };
        };
        let (host, around) = (host(address).to_bytes(), neighbourhood(address).to_bytes());
        let network = [
            Bucket { key: self.mark(&[b"host", &host]), bounds: HOST },
            Bucket { key: self.mark(&[b"neighbourhood", &around]), bounds: NEIGHBOURHOOD },
        ];
        let with_network = |own: Bucket| std::iter::once(own).chain(network.clone()).collect();
        let familiar = Bucket { key: self.mark(&[b"familiar", kind, account, &host]), bounds: FAMILIAR };
        let device = device.map(|id| Bucket { key: self.mark(&[b"device", kind, id.as_bytes()]), bounds: FAMILIAR });
        Buckets {
            stranger: with_network(strangers),
            familiar: with_network(familiar),
            // Its neighbours' guessing is no reason to keep it out.
            device: device.into_iter().collect(),
        }
    }

    /// By what the account's familiar network is known, by each secret there is.
    fn familiar(&self, account: &str, facts: &RequestFacts) -> Option<Vec<Vec<u8>>> {
        let network = host(facts.client?).to_bytes();
        Some(self.keyring.marks("familiar network", &joined(&[account.as_bytes(), &network])))
    }

    /// Makes the client a known device of `user`, and its network a familiar one of whoever goes by `names`; answers the
    /// device's token. Where someone signs in without an attempt, as by signing up.
    pub(crate) async fn welcome(
        &self,
        user: UserId,
        names: &[String],
        facts: &RequestFacts,
    ) -> Result<SecretString, AccountsError> {
        self.know(user, names, facts, None, &[]).await
    }

    /// Forgets the devices and networks of a person whose password was reset: whoever signed in with it is a stranger
    /// now. In the transaction of the reset.
    pub async fn forget(&self, db: &impl ConnectionTrait, user: UserId) -> Result<(), DbErr> {
        counters::forget(db, user).await
    }

    async fn know(
        &self,
        user: UserId,
        names: &[String],
        facts: &RequestFacts,
        device: Option<Uuid>,
        release: &[Bucket],
    ) -> Result<SecretString, AccountsError> {
        let now = self.clock.now();
        let device = device.unwrap_or_else(|| kernel::ids::uuid_v7(now));
        let networks = names.iter().filter_map(|name| self.familiar(name, facts)?.into_iter().next()).collect();
        self.counters.know(user, device, networks, release, now).await?;
        Ok(device::token(&self.keyring, device))
    }
}

/// Parts in a way in which no others read the same.
fn joined(parts: &[&[u8]]) -> Vec<u8> {
    parts.iter().flat_map(|part| (part.len() as u64).to_be_bytes().into_iter().chain(part.iter().copied())).collect()
}

/// An attempt that was let in, and is counted as failed. Dropped, it stays so: who hangs up has guessed all the same.
#[must_use = "say how it went"]
#[derive(Debug)]
pub struct Attempt {
    brake: Brake,
    counted: Vec<Bucket>,
    /// The device that it comes from, if its owner has signed in with it before.
    device: Option<Uuid>,
}

impl Attempt {
    /// It was wrong: it stays counted. Costs nothing.
    pub fn failed(self) {}

    /// It was right, or was never looked at: it is not counted.
    pub async fn succeeded(self) -> Result<(), AccountsError> {
        self.brake.counters.give_back(&self.counted).await?;
        Ok(())
    }

    /// It was right, and signs `user` in, whom clients may call by any of `names`. The client becomes a known device,
    /// and its network a familiar one; answers the device's token.
    pub async fn signed_in(
        self,
        user: UserId,
        names: &[String],
        facts: &RequestFacts,
    ) -> Result<SecretString, AccountsError> {
        self.brake.know(user, names, facts, self.device, &self.counted).await
    }
}
