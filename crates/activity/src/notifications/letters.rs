//! Notifications by mail: put into the mail's own outbox by a job, and read again when the letter is written.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use kernel::{
    db::System,
    ids::{UserId, WorkspaceId},
    jobs::{Claim, JobFault, NewJob, Work},
};
use sea_orm::DbErr;
use serde_json::json;

use super::{
    notice::{Notice, NotificationId},
    store,
};
use crate::{Schema, entity::notifications::Model, ports::Letterbox};

/// The kind of job.
const KIND: &str = "notifications.mail";

/// What has these notifications mailed; none where there are none.
pub(super) fn job_for(notice: &Notice, ids: &[NotificationId]) -> Option<NewJob> {
    let first = ids.first()?;
    // The first one is in no other batch.
    let key = first.to_string();
    Some(NewJob::new(KIND, key, json!(ids), notice.at).in_workspace(Some(notice.workspace)))
}

/// What a letter is written from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// By what a repetition is known.
    pub id: NotificationId,
    /// To whom.
    pub user: UserId,
    /// Where it happened.
    pub workspace: WorkspaceId,
    /// What happened, in a few words.
    pub title: String,
    /// More of it; empty where there is no more.
    pub body: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl From<Model> for Letter {
    fn from(row: Model) -> Self {
        let Model { id, user_id, workspace_id, title, body, created_at, .. } = row;
        Self { id, user: user_id, workspace: workspace_id, title, body, at: created_at }
    }
}

/// Tells whoever writes letters what is in them.
#[derive(Clone, Debug)]
pub struct Letters {
    system: System<Schema>,
}

impl Letters {
    /// The reader, with the actor in whose name it reads.
    pub fn new(system: System<Schema>) -> Self {
        Self { system }
    }

    /// The letter of a notification; none where it is gone.
    pub async fn of(&self, id: NotificationId) -> Result<Option<Letter>, DbErr> {
        Ok(store::to_mail(&self.system, &[id]).await?.pop().map(Letter::from))
    }
}

/// Posts letters.
pub(super) struct Posting {
    system: System<Schema>,
    letterbox: Arc<dyn Letterbox>,
}

impl Posting {
    pub(super) fn new(system: System<Schema>, letterbox: Arc<dyn Letterbox>) -> Self {
        Self { system, letterbox }
    }
}

#[async_trait]
impl Work<Schema> for Posting {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, claim: &Claim<Schema>) -> Result<(), JobFault> {
        let ids: Vec<NotificationId> = serde_json::from_value(claim.job().payload.clone())
            .map_err(|_| JobFault::Hopeless("it isn't readable".to_owned()))?;
        for row in store::to_mail(&self.system, &ids).await? {
            self.letterbox.post(&row.into()).await?;
        }
        claim.finish(claim.begin().await?).await
    }
}
