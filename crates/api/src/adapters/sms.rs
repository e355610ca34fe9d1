//! The port for text messages: printed, or written to a file.

use std::{
    fs::{File, OpenOptions},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::Path,
    sync::Arc,
};

use async_trait::async_trait;
use kernel::sms::{Sms, SmsError, SmsSender};
use serde_json::json;

use crate::settings::{Profile, SmsSettings, SmsTransport};

/// The configured way for text messages.
pub fn sender(settings: &SmsSettings, profile: Profile) -> Result<Arc<dyn SmsSender>, SmsError> {
    Ok(match settings.transport {
        SmsTransport::Console => Arc::new(Console { tells_texts: profile != Profile::Production }),
        SmsTransport::File => Arc::new(Lines(open(Path::new(&settings.file))?)),
    })
}

fn open(path: &Path) -> Result<File, SmsError> {
    // Only its owner reads it: it has codes in it.
    let file = OpenOptions::new().append(true).create(true).mode(0o600).open(path);
    file.map_err(|error| SmsError(format!("sms.file: {}: {error}", path.display())))
}

/// Prints messages for whoever sits before it. Not to the log: that is kept, and there are codes in them. A service's output
/// is kept, too, so in production it says only that there was one.
#[derive(Debug)]
struct Console {
    tells_texts: bool,
}

#[async_trait]
impl SmsSender for Console {
    #[expect(clippy::print_stdout, reason = "what the console is for")]
    async fn send(&self, sms: &Sms) -> Result<(), SmsError> {
        if self.tells_texts {
            println!("Text message to {}: {}", sms.to, sms.text);
        } else {
            tracing::warn!("a text message is sent to nobody: sms.transport is console");
        }
        Ok(())
    }
}

/// Appends a line of JSON for each message.
#[derive(Debug)]
struct Lines(File);

#[async_trait]
impl SmsSender for Lines {
    async fn send(&self, sms: &Sms) -> Result<(), SmsError> {
        let line = format!("{}\n", json!({ "to": sms.to, "text": sms.text }));
        // In one write, so that lines of several never mix.
        (&self.0).write_all(line.as_bytes()).map_err(|error| SmsError(error.to_string()))
    }
}
