//! One stream: reads the feed from its place, sends, and waits.

use std::{convert::Infallible, time::Instant};

use actix_web::http::StatusCode;
use bytes::Bytes;
use futures_util::{Stream, stream};
use kernel::{guard::Watched, ids::WorkspaceId, problem::Problem};
use sea_orm::DbErr;
use std::time::Duration;

use super::{hub::Seat, position::Position};
use crate::{
    actions::FollowEvents,
    entity::notifications::Model,
    notifications::{NotificationView, store},
};

/// Events that are read and sent at once: all that a stream ever has in memory.
const BATCH: u64 = 50;
/// How often it is asked whether the caller still may, while nothing comes. An ended session is known within a second.
const RECHECK: Duration = Duration::from_millis(500);
/// A client that takes longer than this to take what it was sent is cut when it goes on, and comes back to its place.
const PATIENCE: Duration = Duration::from_secs(30);
/// Milliseconds after which a client whose stream ended is to come back.
const RETRY: u32 = 2000;

/// A stream on its way.
pub(crate) struct Reader {
    watched: Watched<FollowEvents>,
    seat: Seat,
    place: i64,
    follow: bool,
    /// From which workspaces it was when it began. It ends when one goes.
    began_with: Vec<WorkspaceId>,
    is_open: bool,
    /// When something was handed over last.
    sent: Instant,
}

impl Reader {
    /// A stream from this position on.
    pub(crate) async fn open(
        watched: Watched<FollowEvents>,
        seat: Seat,
        Position { after, follow }: Position,
    ) -> Result<Self, DbErr> {
        let place = match after {
            Some(after) => after,
            None => store::end(watched.permit()).await?,
        };
        let began_with = watched.permit().target().viewed.clone();
        Ok(Self { watched, seat, place, follow, began_with, is_open: false, sent: Instant::now() })
    }

    /// What is sent.
    pub(crate) fn body(self) -> impl Stream<Item = Result<Bytes, Infallible>> {
        stream::unfold(self, |mut reader| async move {
            let part = reader.next().await?;
            reader.sent = Instant::now();
            Some((Ok(part), reader))
        })
    }

    /// The next part; none where the stream ends.
    async fn next(&mut self) -> Option<Bytes> {
        // What was sent before is asked after at once, unless the client doesn't take it.
        if self.is_open && self.sent.elapsed() > PATIENCE {
            tracing::debug!("a stream's client is too slow; it is cut");
            return None;
        }
        if !self.is_open {
            self.is_open = true;
            let place = self.place;
            return Some(format!("retry: {RETRY}\nid: {place}\nevent: ready\ndata: {{}}\n\n").into());
        }
        loop {
            self.seat.wake.mark_unchanged();
            if *self.seat.closing.borrow() {
                return None;
            }
            let may = self.may().await;
            let told = match may {
                May::Not => return None,
                May::Unknown => None,
                May::Go => self.read().await,
            };
            match told {
                Some(part) if !part.is_empty() => return Some(part),
                _ if !self.follow => return None,
                _ => {}
            }
            if let Some(part) = self.wait(told.is_none()).await? {
                return Some(part);
            }
        }
    }

    /// Waits until there may be something to read, for which it answers an empty option; or for the next heartbeat. After
    /// a failure it reads again before long.
    async fn wait(&mut self, has_failed: bool) -> Option<Option<Bytes>> {
        let heartbeat = self.seat.streams.limits().heartbeat;
        loop {
            tokio::select! {
                woken = self.seat.wake.changed() => return woken.is_ok().then_some(None),
                _ = self.seat.closing.changed() => return None,
                () = tokio::time::sleep(RECHECK.min(heartbeat)) => {}
            }
            if matches!(self.may().await, May::Not) {
                return None;
            }
            if self.sent.elapsed() >= heartbeat {
                return Some(Some(Bytes::from_static(b":\n\n")));
            }
            if has_failed {
                return Some(None);
            }
        }
    }

    /// Whether the caller still may.
    async fn may(&mut self) -> May {
        match self.watched.again().await {
            Ok(permit) => {
                let viewed = &permit.target().viewed;
                if self.began_with.iter().all(|workspace| viewed.contains(workspace)) { May::Go } else { May::Not }
            }
            // While the database is away nothing is sent, and nobody is sent away.
            Err(problem) if is_ours(&problem) => May::Unknown,
            Err(_) => May::Not,
        }
    }

    /// What came after the place, which moves on; none if it can't be read now.
    async fn read(&mut self) -> Option<Bytes> {
        let rows = match store::since(self.watched.permit(), self.place, BATCH).await {
            Ok(rows) => rows,
            Err(error) => {
                tracing::warn!(%error, "a stream can't read; it tries again");
                return None;
            }
        };
        let mut text = String::new();
        for row in rows {
            self.place = row.seq;
            text.push_str(&told(row));
        }
        Some(text.into())
    }
}

/// What became of the caller's right.
enum May {
    Go,
    Not,
    Unknown,
}

fn is_ours(problem: &Problem) -> bool {
    problem.status() >= StatusCode::INTERNAL_SERVER_ERROR
}

/// An event as it is sent: JSON has no line breaks of its own.
fn told(row: Model) -> String {
    let place = row.seq;
    let view = serde_json::to_string(&NotificationView::from(row)).unwrap_or_default();
    format!("id: {place}\nevent: notification\ndata: {view}\n\n")
}
