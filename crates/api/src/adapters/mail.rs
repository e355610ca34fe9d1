//! The mail port: printed, or sent through a mail server.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use kernel::mail::{Mail, MailError, Mailer};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox, MultiPart,
        header::{Header, HeaderName, HeaderValue},
    },
    transport::smtp::{
        Error,
        client::{Certificate, Tls, TlsParameters},
    },
};
use secrecy::ExposeSecret;

use crate::settings::{MailSettings, MailTransport, Profile};

/// How long a mail server gets for each step. Four mails that take several of them are done within the two minutes
/// that an instance has them for itself.
const PATIENCE: Duration = Duration::from_secs(15);

/// The configured way for mail.
pub fn mailer(settings: &MailSettings, profile: Profile) -> anyhow::Result<Arc<dyn Mailer>> {
    let from: Mailbox = settings.from.parse().map_err(|error| anyhow::anyhow!("mail.from: {error}"))?;
    Ok(match settings.transport {
        MailTransport::Console => Arc::new(Console { tells_texts: profile != Profile::Production }),
        MailTransport::Smtp => Arc::new(Smtp { transport: transport(settings)?, from }),
    })
}

/// Whether the mail server takes our calls, and what it says if not.
pub async fn reachable(settings: &MailSettings) -> anyhow::Result<bool> {
    Ok(transport(settings)?.test_connection().await?)
}

fn transport(settings: &MailSettings) -> anyhow::Result<AsyncSmtpTransport<Tokio1Executor>> {
    // Errors of addresses are told without the address: it may hold a password.
    let url = settings.smtp_url.expose_secret();
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
        .map_err(|_| anyhow::anyhow!("mail.smtp_url: is no address of a mail server"))?
        .timeout(Some(PATIENCE));
    if !settings.smtp_ca.is_empty() {
        let pem = std::fs::read(&settings.smtp_ca).map_err(|error| anyhow::anyhow!("mail.smtp_ca: {error}"))?;
        let certificate = Certificate::from_pem(&pem).map_err(|error| anyhow::anyhow!("mail.smtp_ca: {error}"))?;
        let url = reqwest::Url::parse(url).map_err(|error| anyhow::anyhow!("mail.smtp_url: {error}"))?;
        let host = url.host_str().unwrap_or_default().to_owned();
        let parameters = TlsParameters::builder(host).add_root_certificate(certificate).build()?;
        let wished = url.query_pairs().find(|(key, _)| key == "tls").map(|(_, value)| value.into_owned());
        builder = builder.tls(match (url.scheme(), wished.as_deref()) {
            ("smtps", _) => Tls::Wrapper(parameters),
            (_, Some("required")) => Tls::Required(parameters),
            (_, Some(_)) => Tls::Opportunistic(parameters),
            (_, None) => Tls::None,
        });
    }
    Ok(builder.build())
}

/// Prints mail to the log, for development. In production the log says no more than that there was one: links and codes are
/// secrets, and a log is kept and read by many.
#[derive(Debug)]
struct Console {
    tells_texts: bool,
}

#[async_trait]
impl Mailer for Console {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        if self.tells_texts {
            tracing::info!(to = mail.to, subject = mail.subject, "mail:\n{}", mail.text);
        } else {
            tracing::warn!(subject = mail.subject, "a mail is sent to nobody: mail.transport is console");
        }
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
        let message = message(&self.from, mail)?;
        self.transport.send(message).await.map_err(|error| match error.status() {
            Some(code) if is_about_the_mail(&error, u16::from(code)) => MailError::Refused(error.to_string()),
            _ => MailError::Away(error.to_string()),
        })?;
        Ok(())
    }
}

/// Whether the server refuses this mail for good. What it says about us (RFC 4954 section 6) may change any time.
fn is_about_the_mail(error: &Error, code: u16) -> bool {
    error.is_permanent() && !matches!(code, 530 | 534 | 535 | 538)
}

/// That nobody is there to answer, so that no out-of-office reply comes back (RFC 3834 section 5).
#[derive(Clone, Debug)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// The mail as it is sent. A line break in an address is no address; one in a subject becomes a space.
fn message(from: &Mailbox, mail: &Mail) -> Result<Message, MailError> {
    let refuse = |error: &dyn std::error::Error| MailError::Refused(error.to_string());
    let to = mail.to.parse().map_err(|error: lettre::address::AddressError| refuse(&error))?;
    let subject = mail.subject.replace(char::is_control, " ");
    let id = mail
        .id
        .as_ref()
        .map(|id| format!("<{}@{}>", id.replace(|c: char| !c.is_ascii_alphanumeric(), "-"), from.email.domain()));
    let builder = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to))
        .subject(subject)
        .message_id(id)
        .header(AutoSubmitted);
    let built = match &mail.html {
        Some(html) => builder.multipart(MultiPart::alternative_plain_html(mail.text.clone(), html.clone())),
        None => builder.body(mail.text.clone()),
    };
    built.map_err(|error| refuse(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(to: &str, subject: &str) -> Result<String, MailError> {
        let from: Mailbox = "Lobby <hello@lobby.example>".parse().unwrap();
        let mail = Mail {
            id: Some("one\r\nBcc: eve@example.org".to_owned()),
            to: to.to_owned(),
            subject: subject.to_owned(),
            text: "Hello\r\n.\r\nBcc: eve@example.org\r\n".to_owned(),
            html: Some("<p>Hello</p>".to_owned()),
        };
        Ok(String::from_utf8(message(&from, &mail)?.formatted()).unwrap())
    }

    #[test]
    fn nothing_in_a_mail_becomes_a_header() {
        for subject in
            ["a\r\nBcc: eve@example.org", "a\nBcc: eve@example.org", "a\rBcc: eve@example.org", "Ünï\r\n\r\nBody"]
        {
            let written = written("ada@example.org", subject).unwrap();
            let header = written.split("\r\n\r\n").next().unwrap();
            let names: Vec<_> = header
                .lines()
                .filter(|line| !line.starts_with([' ', '\t']))
                .filter_map(|line| Some(line.split_once(':')?.0))
                .collect();
            assert_eq!(
                names,
                ["From", "To", "Subject", "Message-ID", "Auto-Submitted", "MIME-Version", "Date", "Content-Type"],
                "{header}"
            );
        }
        for to in [
            "ada@example.org\r\nBcc: eve@example.org",
            "ada@example.org, eve@example.org",
            "\"a\r\nb\"@example.org",
            "<ada@example.org>\nX: y",
            "",
        ] {
            assert!(matches!(written(to, "Hello"), Err(MailError::Refused(_))), "{to:?}");
        }
    }

    #[test]
    fn a_mail_has_a_text_and_an_html_part() {
        let written = written("ada@example.org", "Hello").unwrap();
        assert!(written.contains("multipart/alternative"));
        let (text, html) = (written.find("text/plain").unwrap(), written.find("text/html").unwrap());
        assert!(text < html, "the last part is the one to prefer (RFC 2046 section 5.1.4)");
        assert!(written.contains("Message-ID: <one--Bcc--eve-example-org@lobby.example>"), "{written}");
    }
}
