//! Argon2id on a bounded pool: a hash takes 19 MiB and some 20 ms of a core, so a crowd at the door must not take
//! every core and all memory.

use std::{sync::Arc, thread::available_parallelism};

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc},
};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

use crate::settings::AccountSettings;

/// Why a password was not hashed.
#[derive(Debug, thiserror::Error)]
pub enum HashingFault {
    /// As many wait already as may.
    #[error("too many passwords are being hashed")]
    Busy,
    /// It failed, which it never should.
    #[error("the password could not be hashed: {0}")]
    Broken(String),
}

/// Hashes and verifies passwords: Argon2id, 19 MiB, two passes, one lane (RFC 9106; OWASP's first choice).
#[derive(Clone, Debug)]
pub struct Passwords {
    /// Who is in: those being hashed and those that wait.
    admitted: Arc<Semaphore>,
    /// Who is being hashed.
    running: Arc<Semaphore>,
    at_once: usize,
    at_most: usize,
    /// Verified when there is nothing to verify against, so that the answer takes as long.
    stand_in: Arc<str>,
}

impl Passwords {
    /// A pool of the size that `settings` say.
    pub fn new(settings: &AccountSettings) -> Result<Self, HashingFault> {
        let cores = available_parallelism().map_or(1, usize::from);
        let at_once = settings.hash_parallelism.unwrap_or(cores).clamp(1, 1024);
        let queue = settings.hash_queue.min(65_536);
        Ok(Self {
            admitted: Arc::new(Semaphore::new(at_once + queue)),
            running: Arc::new(Semaphore::new(at_once)),
            at_once,
            at_most: at_once + queue,
            stand_in: hash(&rand::random::<[u8; 32]>())?.into(),
        })
    }

    /// How many passwords are being hashed, and how many wait for it.
    pub fn busy(&self) -> (usize, usize) {
        let running = self.at_once.saturating_sub(self.running.available_permits());
        let admitted = self.at_most.saturating_sub(self.admitted.available_permits());
        (running, admitted.saturating_sub(running))
    }

    /// The PHC string of `password` with a fresh salt.
    pub async fn hash(&self, password: &SecretString) -> Result<String, HashingFault> {
        let password = password.clone();
        self.run(move || hash(password.expose_secret().as_bytes())).await
    }

    /// Whether `password` is the one that `known`, a PHC string, was made of. With none known the answer is no, after
    /// the same work.
    pub async fn verify(&self, password: &SecretString, known: Option<&str>) -> Result<bool, HashingFault> {
        let password = password.clone();
        let is_known = known.is_some();
        let against = known.unwrap_or(&self.stand_in).to_owned();
        let matches = self.run(move || verify(password.expose_secret().as_bytes(), &against)).await?;
        Ok(matches && is_known)
    }

    /// Runs `work` when it is its turn. The permits go with it: who hangs up leaves no hash running uncounted.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, HashingFault> + Send + 'static,
    ) -> Result<T, HashingFault> {
        let broken = |error: &dyn std::error::Error| HashingFault::Broken(error.to_string());
        let admitted = Arc::clone(&self.admitted).try_acquire_owned().map_err(|_| HashingFault::Busy)?;
        let turn = Arc::clone(&self.running).acquire_owned().await.map_err(|error| broken(&error))?;
        let running = tokio::task::spawn_blocking(move || {
            let done = work();
            drop((turn, admitted));
            done
        });
        running.await.map_err(|error| broken(&error))?
    }
}

/// Argon2's defaults are the parameters wanted; the test below holds them to it.
fn hash(password: &[u8]) -> Result<String, HashingFault> {
    let hashed: phc::PasswordHash =
        Argon2::default().hash_password(password).map_err(|error| HashingFault::Broken(error.to_string()))?;
    Ok(hashed.to_string())
}

fn verify(password: &[u8], known: &str) -> Result<bool, HashingFault> {
    let known = phc::PasswordHash::new(known).map_err(|error| HashingFault::Broken(error.to_string()))?;
    Ok(Argon2::default().verify_password(password, &known).is_ok())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn pool(at_once: usize, queue: usize) -> Passwords {
        Passwords::new(&AccountSettings {
            issuer: String::new(),
            audience: String::new(),
            access_ttl: Duration::from_mins(15),
            refresh_ttl: Duration::from_mins(15),
            hash_parallelism: Some(at_once),
            hash_queue: queue,
            require_verified_email: false,
            secret: SecretString::from("secret"),
            keyring: kernel::keyring::Keyring::new(b"secret", []),
        })
        .unwrap()
    }

    #[tokio::test]
    async fn a_password_is_known_again_and_no_other() {
        let passwords = pool(1, 4);
        let known = passwords.hash(&SecretString::from("open sesame")).await.unwrap();
        assert!(known.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{known}");
        assert!(passwords.verify(&SecretString::from("open sesame"), Some(&known)).await.unwrap());
        assert!(!passwords.verify(&SecretString::from("open barley"), Some(&known)).await.unwrap());
        assert!(!passwords.verify(&SecretString::from("open sesame"), None).await.unwrap());
        assert_ne!(known, passwords.hash(&SecretString::from("open sesame")).await.unwrap());
    }

    #[tokio::test]
    async fn beyond_the_queue_they_are_turned_away_and_then_let_in_again() {
        let passwords = pool(1, 2);
        let password = SecretString::from("open sesame");
        let hashes = std::iter::repeat_with(|| {
            let (passwords, password) = (passwords.clone(), password.clone());
            tokio::spawn(async move { passwords.hash(&password).await })
        });
        let mut busy = 0;
        for hash in hashes.take(8).collect::<Vec<_>>() {
            busy += usize::from(matches!(hash.await.unwrap(), Err(HashingFault::Busy)));
        }
        assert!((1..=5).contains(&busy), "{busy}");
        assert!(passwords.hash(&password).await.is_ok());
    }

    #[tokio::test]
    async fn no_more_are_hashed_at_once_than_may() {
        use std::sync::atomic::{AtomicUsize, Ordering};

        let (at_once, all) = (2, 20);
        let passwords = pool(at_once, all);
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        // Each waits until another runs beside it: fewer than two at once would never end.
        let gate = Arc::new(std::sync::Barrier::new(at_once));
        let hashes: Vec<_> = (0..all)
            .map(|_| {
                let (passwords, running) = (passwords.clone(), Arc::clone(&running));
                let (most, gate) = (Arc::clone(&most), Arc::clone(&gate));
                tokio::spawn(async move {
                    let work = move || {
                        most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        gate.wait();
                        running.fetch_sub(1, Ordering::SeqCst);
                        Ok(())
                    };
                    passwords.run(work).await
                })
            })
            .collect();
        for hash in hashes {
            hash.await.unwrap().unwrap();
        }
        assert_eq!(most.load(Ordering::SeqCst), at_once);
    }
}
