//! `lobby health`

use std::time::Duration;

use anyhow::{Context, bail};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpStream, UnixStream},
};

use crate::settings::{Listen, Settings};

/// Whoever asks has a limit of a few seconds, too.
const PATIENCE: Duration = Duration::from_secs(3);

/// Asks `/ready` where the configuration says that the server listens.
pub(super) async fn run(settings: Settings) -> anyhow::Result<()> {
    let place = settings.server.listen;
    let asked = async {
        match &place {
            Listen::Unix(path) => ask(UnixStream::connect(path).await?).await,
            Listen::Tcp(address) => {
                let mut address = *address;
                // What listens everywhere listens on loopback.
                if address.ip().is_unspecified() {
                    address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
                }
                ask(TcpStream::connect(address).await?).await
            }
        }
    };
    let answer = tokio::time::timeout(PATIENCE, asked).await.with_context(|| format!("{place} does not answer"))?;
    let answer = answer.with_context(|| format!("{place} can't be asked"))?;
    match answer.split(' ').nth(1) {
        Some("200") => Ok(()),
        _ => bail!("{place} is not ready: {}", answer.lines().last().unwrap_or_default()),
    }
}

async fn ask(mut stream: impl AsyncRead + AsyncWrite + Unpin) -> std::io::Result<String> {
    stream.write_all(b"GET /ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await?;
    let mut answer = Vec::new();
    stream.take(16 * 1024).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
