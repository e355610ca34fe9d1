//! PostgreSQL's `NOTIFY`, heard: how a cache of one instance learns of another's writes.

use std::{sync::Arc, time::Duration};

use sqlx::{AssertSqlSafe, postgres::PgListener};
use tokio::{sync::watch, task::JoinHandle};

use crate::db::{Databases, Module};

/// How long a connection may be still before it is asked whether it is up, and how long it may take to answer. Together
/// less than a second: that long a cache may be trusted that no notice reaches any more.
const PULSE: Duration = Duration::from_millis(300);
const PATIENCE: Duration = Duration::from_millis(500);

/// What wants to hear of notices. Between [`NoticeHandler::lost`] and the next [`NoticeHandler::listening`] notices may
/// be missed: a cache must be emptied at `lost` and not trusted until `listening`.
pub trait NoticeHandler: Send + Sync + 'static {
    /// A notice arrived.
    fn heard(&self, channel: &str, payload: &str);
    /// The connection is up and listens; whatever is read from now on will be told when it changes.
    fn listening(&self);
    /// The connection is gone.
    fn lost(&self);
}

/// A running listener. Dropping it leaves it running; [`Listener::stop`] ends it.
#[derive(Debug)]
pub struct Listener {
    task: JoinHandle<()>,
    is_listening: watch::Receiver<bool>,
}

impl Listener {
    /// Waits until it listens for the first time, but no longer than `patience`; answers whether it does.
    pub async fn listening(&mut self, patience: Duration) -> bool {
        let first = self.is_listening.wait_for(|is_listening| *is_listening);
        tokio::time::timeout(patience, first).await.is_ok_and(|heard| heard.is_ok())
    }

    /// Ends it.
    pub fn stop(&self) {
        self.task.abort();
    }
}

impl Databases {
    /// Listens on `channels` of module `M`'s database until stopped, reconnecting after a short pause.
    pub fn listen<M: Module>(&self, channels: &'static [&'static str], handler: Arc<dyn NoticeHandler>) -> Listener {
        let url = self.url(M::NAME).to_owned();
        let (tell, is_listening) = watch::channel(false);
        let task = tokio::spawn(async move {
            loop {
                if let Err(error) = listen_once(&url, channels, handler.as_ref(), &tell).await {
                    tracing::warn!(%error, "listener not connected");
                }
                handler.lost();
                tell.send_replace(false);
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        });
        Listener { task, is_listening }
    }
}

/// Connects and hands on notices until the connection breaks.
async fn listen_once(
    url: &str,
    channels: &[&str],
    handler: &dyn NoticeHandler,
    tell: &watch::Sender<bool>,
) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect(url).await?;
    listener.eager_reconnect(false);
    listener.listen_all(channels.iter().copied()).await?;
    handler.listening();
    tell.send_replace(true);
    // A network that is cut silently tells nobody. An answer on the same connection proves that it is up, and that every
    // notice from before the question has arrived.
    let pulse = format!("/* pulse of {} */ SELECT 1", channels.join(", "));
    loop {
        match tokio::time::timeout(PULSE, listener.try_recv()).await {
            Ok(Ok(Some(notice))) => handler.heard(notice.channel(), notice.payload()),
            Ok(Ok(None)) => return Ok(()),
            Ok(Err(error)) => return Err(error),
            Err(_) => {
                let answer = sqlx::raw_sql(AssertSqlSafe(pulse.clone())).execute(&mut listener);
                let answer = tokio::time::timeout(PATIENCE, answer).await;
                answer.map_err(|_| sqlx::Error::Io(std::io::ErrorKind::TimedOut.into()))??;
            }
        }
    }
}
