//! Notifications, read and marked for whoever a guard let in.

use chrono::{DateTime, Utc};
use kernel::{db::System, guard::Permit, http::Paging, page::Page, problem::Problem};
use sea_orm::DbErr;

use super::{
    dto::{MarkAll, Marked, NotificationFilter, NotificationView, UnreadView},
    store,
};
use crate::{
    Schema,
    actions::{CountUnread, MarkAllAsRead, MarkAsRead, ViewNotifications},
    entity::notifications::Model,
    error::ActivityError,
};

/// What people were told.
#[derive(Clone, Debug)]
pub struct Notifications {
    system: System<Schema>,
}

/// How long a notification is kept.
const KEPT: chrono::Duration = chrono::Duration::days(180);

impl Notifications {
    /// The service, with the actor that tidies.
    pub fn new(system: System<Schema>) -> Self {
        Self { system }
    }

    /// A page of what somebody was told, newest first.
    pub async fn list(
        &self,
        permit: &Permit<ViewNotifications>,
        paging: &Paging<NotificationFilter>,
    ) -> Result<Page<NotificationView>, ActivityError> {
        let (unread, after) = (paging.filter().unread, paging.after::<i64>()?);
        let rows = store::page(permit, unread, after, paging.limit() + 1).await?;
        Ok(paging.page(rows, |row: &Model| row.seq)?.map(NotificationView::from))
    }

    /// How many the caller hasn't read.
    pub async fn unread(&self, permit: &Permit<CountUnread>) -> Result<UnreadView, ActivityError> {
        Ok(UnreadView { unread: store::unread(permit).await? })
    }

    /// Marks one as read. Once more changes nothing.
    pub async fn mark(&self, permit: &Permit<MarkAsRead>) -> Result<NotificationView, ActivityError> {
        let tx = permit.begin().await?;
        let row = store::mark(&tx).await?.ok_or_else(Problem::not_found)?;
        tx.commit().await?;
        Ok(row.into())
    }

    /// Marks all the caller's own as read, or those up to one of them.
    pub async fn mark_all(&self, permit: &Permit<MarkAllAsRead>, how_far: MarkAll) -> Result<Marked, ActivityError> {
        let tx = permit.begin().await?;
        let up_to = match how_far.up_to {
            None => None,
            Some(id) => Some(store::place(&tx, id).await?.ok_or_else(|| {
                Problem::invalid_field("/up_to", "unknown_notification", "You have no such notification.")
            })?),
        };
        let updated = store::mark_all(&tx, up_to).await?;
        tx.commit().await?;
        Ok(Marked { updated })
    }

    /// Forgets what is old; answers how many there were.
    pub async fn tidy(&self, now: DateTime<Utc>) -> Result<u64, DbErr> {
        store::forget_old(&self.system, now - KEPT).await
    }
}
