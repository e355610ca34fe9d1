//! Telling a crowd: a job in batches, which remembers whom it told last.

use std::sync::Arc;

use async_trait::async_trait;
use kernel::{
    ids::UserId,
    jobs::{Claim, JobFault, NewJob, Work},
    outbox::Event,
};
use sea_orm::DbErr;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    notice::{Notice, to_crowd},
    notifier::deliver,
};
use crate::{
    Schema,
    ports::{Audience, Crowd},
};

/// The kind of job.
const KIND: &str = "notifications.broadcast";
/// People who are told in one transaction.
const BATCH: u32 = 200;

/// What is told to whom.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Order {
    crowd: Crowd,
    notice: Notice,
}

/// How far it is.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Progress {
    /// Who was told last, in the order of their ids.
    after: Option<UserId>,
    /// How many were reached so far.
    reached: u64,
}

/// What is to be told to many because of an event, if anything is.
pub(super) fn job_of(event: &Event) -> Result<Option<NewJob>, DbErr> {
    let Some((crowd, notice)) = to_crowd(event) else { return Ok(None) };
    let (key, now, workspace) = (event.id.to_string(), notice.at, notice.workspace);
    let order = serde_json::to_value(Order { crowd, notice }).map_err(|error| DbErr::Json(error.to_string()))?;
    Ok(Some(NewJob::new(KIND, key, order, now).in_workspace(Some(workspace))))
}

/// Tells crowds.
pub(super) struct Broadcast {
    audience: Arc<dyn Audience>,
}

impl Broadcast {
    pub(super) fn new(audience: Arc<dyn Audience>) -> Self {
        Self { audience }
    }
}

#[async_trait]
impl Work<Schema> for Broadcast {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, claim: &Claim<Schema>) -> Result<(), JobFault> {
        let unreadable = |_: serde_json::Error| JobFault::Hopeless("it isn't readable".to_owned());
        let Order { crowd, mut notice } = serde_json::from_value(claim.job().payload.clone()).map_err(unreadable)?;
        let known = claim.job().progress.clone();
        let mut progress: Progress =
            known.map_or(Ok(Progress::default()), serde_json::from_value).map_err(unreadable)?;
        if crowd.message.is_some() {
            // Not in the event: the log can't forget, and whoever reads it isn't whom it was written to.
            let Some(words) = self.audience.words(&crowd).await? else {
                return claim.finish(claim.begin().await?).await;
            };
            notice = notice.saying(words);
        }
        loop {
            // Before the transaction: to hold one connection and wait for another starves the pool.
            let people = self.audience.page(&crowd, progress.after, BATCH).await?;
            let tx = claim.begin().await?;
            if people.is_empty() {
                return claim.finish(tx).await;
            }
            deliver(&tx, &notice, &people).await?;
            progress.after = people.last().copied();
            progress.reached += people.len() as u64;
            claim.save(tx, json!(progress)).await?;
        }
    }
}
