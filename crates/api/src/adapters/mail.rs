//! The mail port: printed, or sent through a mail server.

use std::sync::Arc;

use async_trait::async_trait;
use kernel::mail::{Mail, MailError, Mailer};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor, message::Mailbox};
use secrecy::ExposeSecret;

use crate::settings::{MailSettings, MailTransport};

/// The configured way for mail.
pub fn mailer(settings: &MailSettings) -> Result<Arc<dyn Mailer>, MailError> {
    let from: Mailbox = settings.from.parse().map_err(|error| MailError(format!("mail.from: {error}")))?;
    Ok(match settings.transport {
        MailTransport::Console => Arc::new(Console),
        MailTransport::Smtp => {
            let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(settings.smtp_url.expose_secret())
                .map_err(|error| MailError(format!("mail.smtp_url: {error}")))?
                .build();
            Arc::new(Smtp { transport, from })
        }
    })
}

/// Prints mail to the log, for development.
#[derive(Debug)]
struct Console;

#[async_trait]
impl Mailer for Console {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        tracing::info!(to = mail.to, subject = mail.subject, "mail:\n{}", mail.text);
        Ok(())
    }
}

/// Hands mail to a server (RFC 5321), over a pool of connections.
struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

#[async_trait]
impl Mailer for Smtp {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let refuse = |error: &dyn std::error::Error| MailError(error.to_string());
        let to: Mailbox = mail.to.parse().map_err(|error: lettre::address::AddressError| refuse(&error))?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(&mail.subject)
            .body(mail.text.clone())
            .map_err(|error| refuse(&error))?;
        self.transport.send(message).await.map_err(|error| refuse(&error))?;
        Ok(())
    }
}
