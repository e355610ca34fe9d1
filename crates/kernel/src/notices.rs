//! PostgreSQL's `NOTIFY`, heard: how a cache of one instance learns of another's writes.

use std::{sync::Arc, time::Duration};

use sqlx::postgres::PgListener;
use tokio::task::JoinHandle;

use crate::db::{Databases, Module};

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

impl Databases {
    /// Listens on `channels` of module `M`'s database until the task is aborted, reconnecting with back-off.
    pub fn listen<M: Module>(
        &self,
        channels: &'static [&'static str],
        handler: Arc<dyn NoticeHandler>,
    ) -> JoinHandle<()> {
        let url = self.url(M::NAME).to_owned();
        tokio::spawn(async move {
            loop {
                if let Err(error) = listen_once(&url, channels, handler.as_ref()).await {
                    tracing::warn!(%error, "listener not connected");
                }
                handler.lost();
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        })
    }
}

/// Connects and hands on notices until the connection breaks.
async fn listen_once(url: &str, channels: &[&str], handler: &dyn NoticeHandler) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect(url).await?;
    listener.eager_reconnect(false);
    listener.listen_all(channels.iter().copied()).await?;
    handler.listening();
    while let Some(notice) = listener.try_recv().await? {
        handler.heard(notice.channel(), notice.payload());
    }
    Ok(())
}
