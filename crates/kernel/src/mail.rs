//! The mail port. Lobby prints mail to the console until a mail server is configured.

use std::fmt;

use async_trait::async_trait;

/// A mail to one person.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// Its identity, by which a repetition is recognised: the left side of its Message-ID. None gets one at random.
    pub id: Option<String>,
    /// The recipient's address.
    pub to: String,
    /// The subject line.
    pub subject: String,
    /// The plain-text body.
    pub text: String,
    /// The same as HTML, for those who like it better.
    pub html: Option<String>,
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The bodies may hold a code or a link that lets in.
        f.debug_struct("Mail").field("id", &self.id).field("subject", &self.subject).finish_non_exhaustive()
    }
}

/// Why a mail was not taken.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The server doesn't want this mail, and won't want it later: there is no such mailbox, say.
    #[error("mail refused: {0}")]
    Refused(String),
    /// It could not be handed over now.
    #[error("mail not taken: {0}")]
    Away(String),
}

/// Takes mail and sees to its delivery.
#[async_trait]
pub trait Mailer: Send + Sync + 'static {
    /// Hands the mail over. `Ok` means that the next hop has taken it.
    async fn send(&self, mail: &Mail) -> Result<(), MailError>;
}
