//! The port for text messages. Lobby prints them until something that sends them is configured.

use std::fmt;

use async_trait::async_trait;

/// A text message to one person.
#[derive(Clone, PartialEq, Eq)]
pub struct Sms {
    /// The recipient's number (ITU-T E.164), as in `+41791234567`.
    pub to: String,
    /// What it says.
    pub text: String,
}

impl fmt::Debug for Sms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The text may hold a code.
        f.write_str("Sms")
    }
}

/// Why a message was not taken.
#[derive(Debug, thiserror::Error)]
#[error("text message not taken: {0}")]
pub struct SmsError(pub String);

/// Takes messages and sees to their delivery.
#[async_trait]
pub trait SmsSender: Send + Sync + 'static {
    /// Hands the message over. `Ok` means that the next hop has taken it.
    async fn send(&self, sms: &Sms) -> Result<(), SmsError>;
}
