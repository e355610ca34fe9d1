//! The mail port. Lobby prints mail to the console until a mail server is configured.

use async_trait::async_trait;

/// A mail to one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The recipient's address.
    pub to: String,
    /// The subject line.
    pub subject: String,
    /// The plain-text body.
    pub text: String,
}

/// Why a mail was not taken.
#[derive(Debug, thiserror::Error)]
#[error("mail not taken: {0}")]
pub struct MailError(pub String);

/// Takes mail and sees to its delivery.
#[async_trait]
pub trait Mailer: Send + Sync + 'static {
    /// Hands the mail over. `Ok` means that the next hop has taken it.
    async fn send(&self, mail: &Mail) -> Result<(), MailError>;
}
