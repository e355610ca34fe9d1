//! Those who do the jobs: so many at once, woken by the database, in order when they stop.

use std::{collections::HashMap, fmt, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement};
use tokio::{
    sync::{Notify, Semaphore, watch},
    task::JoinSet,
};
use uuid::Uuid;

use super::{
    Job,
    claim::{Claim, JobFault},
};
use crate::{
    clock::Clock,
    db::{Module, System},
};

/// Knows how to do the jobs of one kind.
#[async_trait]
pub trait Work<M: Module>: Send + Sync + 'static {
    /// Which kind.
    fn kind(&self) -> &'static str;

    /// Does the job, or goes on with it from its progress. What it writes to the module's database goes through the
    /// claim's transactions; what it does elsewhere must be known there as a repetition, because it may come again.
    async fn run(&self, claim: &Claim<M>) -> Result<(), JobFault>;
}

/// How workers go about it.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Jobs at the same time on this instance.
    pub slots: usize,
    /// After this many beginnings without getting on, a job waits for a person. The pause between two doubles, up to an hour.
    pub attempts: i32,
    /// How long a claim keeps others away: longer than a step takes.
    pub lease: chrono::Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { slots: 2, attempts: 12, lease: chrono::Duration::seconds(60) }
    }
}

/// How long running jobs get to reach the end of a step when the instance stops.
const GRACE: Duration = Duration::from_secs(5);

/// The workers of one module's jobs. Clones share everything.
pub struct Workers<M>(Arc<Inner<M>>);

struct Inner<M> {
    system: System<M>,
    clock: Clock,
    works: HashMap<&'static str, Arc<dyn Work<M>>>,
    pace: Pace,
    slots: Arc<Semaphore>,
    wake: Notify,
    stopping: watch::Sender<bool>,
}

impl<M> Clone for Workers<M> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<M> fmt::Debug for Workers<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workers").field("pace", &self.0.pace).finish_non_exhaustive()
    }
}

impl<M: Module> Workers<M> {
    /// Workers for these kinds. A kind that none of them knows is left for an instance that does.
    pub fn new(system: System<M>, clock: Clock, works: Vec<Arc<dyn Work<M>>>, pace: Pace) -> Self {
        let works = works.into_iter().map(|work| (work.kind(), work)).collect();
        let slots = Arc::new(Semaphore::new(pace.slots));
        let (wake, stopping) = (Notify::new(), watch::Sender::new(false));
        Self(Arc::new(Inner { system, clock, works, pace, slots, wake, stopping }))
    }

    /// Has them look for jobs now.
    pub fn wake(&self) {
        self.0.wake.notify_one();
    }

    /// Has them begin nothing more, and end what runs at the end of its step.
    pub fn stop(&self) {
        self.0.stopping.send_replace(true);
    }

    /// Works until it is [stopped](Workers::stop): at once when woken, and every second for what is due by the clock.
    pub async fn run(self) {
        let mut stopping = self.0.stopping.subscribe();
        let mut running = JoinSet::new();
        while !*stopping.borrow() {
            while running.try_join_next().is_some() {}
            let slot = tokio::select! {
                slot = Arc::clone(&self.0.slots).acquire_owned() => slot,
                _ = stopping.changed() => break,
            };
            match self.0.claim().await {
                Ok(Some(claim)) => {
                    let inner = Arc::clone(&self.0);
                    running.spawn(async move {
                        let _slot = slot;
                        inner.perform(claim).await;
                    });
                }
                outcome => {
                    drop(slot);
                    if let Err(error) = outcome {
                        tracing::warn!(%error, "jobs wait: their table is not readable");
                    }
                    tokio::select! {
                        () = self.0.wake.notified() => {}
                        () = tokio::time::sleep(Duration::from_secs(1)) => {}
                        _ = stopping.changed() => {}
                    }
                }
            }
        }
        let ended = async { while running.join_next().await.is_some() {} };
        if tokio::time::timeout(GRACE, ended).await.is_err() {
            tracing::warn!("jobs are left in the middle of a step; another instance begins it again");
        }
    }

    /// Does everything that is due, and waits for what this instance does already; answers how many were begun.
    pub async fn drain(&self) -> Result<usize, DbErr> {
        let mut begun = 0;
        loop {
            while let Some(claim) = self.0.claim().await? {
                begun += 1;
                self.0.perform(claim).await;
            }
            let all = u32::try_from(self.0.pace.slots).unwrap_or(u32::MAX);
            drop(self.0.slots.acquire_many(all).await);
            if !self.0.is_due().await? {
                return Ok(begun);
            }
            // Somebody is about to claim it, or writes down how it went.
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

impl<M: Module> Inner<M> {
    /// What is due, as SQL: `$1` is the instant, `$2` the kinds.
    fn due() -> String {
        format!("{}.jobs WHERE state = 'waiting' AND due_at <= $1 AND kind = ANY($2)", M::NAME)
    }

    fn kinds(&self) -> Vec<String> {
        self.works.keys().map(|kind| (*kind).to_owned()).collect()
    }

    async fn is_due(&self) -> Result<bool, DbErr> {
        let look = format!("/* jobs */ SELECT 1 FROM {} LIMIT 1", Self::due());
        let values = [self.clock.now().into(), self.kinds().into()];
        let look = Statement::from_sql_and_values(DbBackend::Postgres, look, values);
        Ok(self.system.db().query_one_raw(look).await?.is_some())
    }

    /// Claims the job that is due for the longest. Mostly there is none; then one look is all.
    async fn claim(&self) -> Result<Option<Claim<M>>, DbErr> {
        if !self.is_due().await? {
            return Ok(None);
        }
        let (now, lease) = (self.clock.now(), Uuid::new_v4());
        let sql = format!(
            "/* jobs */ UPDATE {module}.jobs SET lease = $3, due_at = $4, attempts = attempts + 1 \
             WHERE id = (SELECT id FROM {due} ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) \
             RETURNING id, kind, key, workspace_id, payload, progress, attempts, created_at",
            module = M::NAME,
            due = Self::due(),
        );
        let values = [now.into(), self.kinds().into(), lease.into(), (now + self.pace.lease).into()];
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
        let job = Job::find_by_statement(statement).one(&self.system.db()).await?;
        Ok(job.map(|job| Claim {
            job,
            lease,
            lasts: self.pace.lease,
            system: self.system.clone(),
            clock: self.clock.clone(),
            stopping: self.stopping.subscribe(),
        }))
    }

    /// Does a claimed job and writes down how that went.
    async fn perform(&self, claim: Claim<M>) {
        let outcome = match self.works.get(claim.job.kind.as_str()) {
            // Begun often enough, and nobody was left to say why it failed: it took its worker with it.
            _ if claim.job.attempts > self.pace.attempts => {
                Err(JobFault::Hopeless("its worker ended in the middle of it, again and again".to_owned()))
            }
            Some(work) => {
                let ran = AssertUnwindSafe(work.run(&claim)).catch_unwind().await;
                ran.unwrap_or_else(|_| Err(JobFault::Failed("it panicked; the log says where".to_owned())))
            }
            None => Err(JobFault::Stopping),
        };
        let Job { id, kind, attempts, .. } = &claim.job;
        let written = match outcome {
            Ok(()) | Err(JobFault::Lost) => return,
            Err(JobFault::Stopping) => claim.release().await,
            Err(JobFault::Hopeless(why)) => {
                tracing::error!(job = %id, kind, why, "job given up; it waits for a person");
                claim.bury(&why).await
            }
            Err(fault) if *attempts >= self.pace.attempts => {
                tracing::error!(job = %id, kind, %fault, "job given up; it waits for a person");
                claim.bury(&fault.to_string()).await
            }
            Err(fault) => {
                tracing::warn!(job = %id, kind, %fault, "job failed; it is tried again");
                claim.retry(after_pause(self.clock.now(), *attempts), &fault.to_string()).await
            }
        };
        match written {
            Ok(()) | Err(JobFault::Lost) => {}
            Err(fault) => {
                tracing::warn!(job = %id, kind, %fault, "how a job went isn't written down; its lease runs out");
            }
        }
    }
}

/// When a job that was begun `attempts` times is tried again: after a pause that doubles up to an hour, less up to half of
/// it at random, so that what failed together doesn't come together.
fn after_pause(now: DateTime<Utc>, attempts: i32) -> DateTime<Utc> {
    let longest = 2_i64.saturating_pow(u32::try_from(attempts).unwrap_or_default()).min(3600) * 1000;
    let random = i64::from(Uuid::new_v4().as_bytes()[0]);
    now + chrono::Duration::milliseconds(longest - longest / 2 * random / 255)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_doubles_up_to_an_hour_and_is_never_less_than_half() {
        let now = DateTime::UNIX_EPOCH;
        for (attempts, seconds) in [(1, 2), (5, 32), (11, 2048), (12, 3600), (500, 3600)] {
            for _ in 0..50 {
                let pause = (after_pause(now, attempts) - now).num_milliseconds();
                assert!((seconds * 500..=seconds * 1000).contains(&pause), "{attempts}: {pause}");
            }
        }
    }
}
