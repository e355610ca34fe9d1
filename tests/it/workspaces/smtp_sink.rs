//! A mail server that takes everything and delivers nothing (RFC 5321, as far as a client needs it).

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// A mail as it was handed over.
#[derive(Clone, Debug, Default)]
pub struct Received {
    /// Whom the envelope names.
    pub to: Vec<String>,
    /// Header and body.
    pub text: String,
}

/// The running server; dropped, it is gone.
pub struct SmtpSink {
    received: Arc<Mutex<Vec<Received>>>,
    serving: JoinHandle<()>,
}

impl SmtpSink {
    /// Serves on this listener.
    pub fn on(listener: TcpListener) -> Self {
        let received = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&received);
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let kept = Arc::clone(&kept);
                tokio::spawn(async move {
                    // A client that hangs up in the middle has sent nothing.
                    let _ = converse(stream, &kept).await;
                });
            }
        });
        Self { received, serving }
    }

    /// What arrived about memberships; who signs up is written to as well.
    pub fn received(&self) -> Vec<Received> {
        let received = self.received.lock().unwrap();
        received.iter().filter(|mail| mail.text.contains("You are now a member of")).cloned().collect()
    }
}

impl Drop for SmtpSink {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn converse(stream: TcpStream, kept: &Mutex<Vec<Received>>) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let mut mail = Received::default();
    write.write_all(b"220 sink ready\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let command = line.to_ascii_uppercase();
        let reply: &[u8] = match command.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" | "HELO" => b"250 sink\r\n",
            "RCPT" => {
                mail.to.push(line.split(['<', '>']).nth(1).unwrap_or_default().to_owned());
                b"250 ok\r\n"
            }
            "DATA" => {
                write.write_all(b"354 go on\r\n").await?;
                while let Some(line) = lines.next_line().await? {
                    if line == "." {
                        break;
                    }
                    // A leading dot is doubled on the way (section 4.5.2).
                    mail.text.push_str(line.strip_prefix('.').unwrap_or(&line));
                    mail.text.push('\n');
                }
                kept.lock().unwrap().push(std::mem::take(&mut mail));
                b"250 taken\r\n"
            }
            "QUIT" => {
                write.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => b"250 ok\r\n",
        };
        write.write_all(reply).await?;
    }
    Ok(())
}
