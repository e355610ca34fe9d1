//! What is tidied every hour: sessions that can't come back, replies that nobody will ask for again, codes that are over,
//! private fields that a former secret sealed, events that were told long ago, images that lie in the trash for long; and
//! events that nobody took are recorded. And every minute it is told whose membership ended by its time.

use std::time::Duration;

use accounts::{Accounts, Profiles};
use activity::Recorder;
use actix_web::web::Data;
use gallery::Images;
use kernel::{clock::Clock, db::Databases, jobs::Desk, outbox::forget_told, reply::forget_replies};
use sea_orm::DbErr;
use workspace::Endings;

use crate::{services::announcing_modules, telling::Telling};

const HOUR: Duration = Duration::from_hours(1);
/// How often it is looked for memberships that ended. A look is one statement on an index.
const MINUTE: Duration = Duration::from_mins(1);
/// How long after a start it is tidied first.
const FIRST: Duration = Duration::from_secs(5);
/// How long the reply to an idempotent request is kept.
const REPLIES_KEPT: chrono::Duration = chrono::Duration::hours(48);
/// How long an event is kept in its outbox. What lasts of it is in the log, with nothing that says who somebody is: here
/// it is all, and must go when a person is erased.
const EVENTS_KEPT: chrono::Duration = chrono::Duration::days(30);
/// How long a job that is over is kept, and its key with it: longer than the events that enqueue jobs.
const JOBS_KEPT: chrono::Duration = chrono::Duration::days(60);

/// Tidies for as long as it is polled. Several instances may do it at once: all of it is deletion by age, or a field put in the place of just the one that was read.
pub(crate) async fn run(
    databases: Databases,
    accounts: Data<Accounts>,
    profiles: Data<Profiles>,
    telling: Telling,
    images: Data<Images>,
    clock: Clock,
) {
    // A start has better things to do.
    tokio::time::sleep(FIRST).await;
    let endings = Endings::new(databases.system("membership-endings"), clock.clone());
    tokio::join!(tell_endings(&endings), async {
        loop {
            match tidy(&databases, &accounts, &profiles, &telling, &clock).await {
                Ok(rows) => tracing::debug!(rows, "tidied"),
                Err(error) => tracing::warn!(%error, "not tidied; tried again in an hour"),
            }
            match images.empty_trash().await {
                Ok(images) => tracing::debug!(images, "emptied the trash"),
                Err(error) => tracing::warn!(%error, "the trash is not emptied; tried again in an hour"),
            }
            tokio::time::sleep(HOUR).await;
        }
    });
}

/// Several instances may do it at once, too: each end is taken by one.
async fn tell_endings(endings: &Endings) {
    loop {
        match endings.tell().await {
            Ok(0) => {}
            Ok(ended) => tracing::debug!(ended, "memberships ended by their time"),
            Err(error) => tracing::warn!(%error, "ends of memberships are not told; tried again in a minute"),
        }
        tokio::time::sleep(MINUTE).await;
    }
}

async fn tidy(
    databases: &Databases,
    accounts: &Accounts,
    profiles: &Profiles,
    telling: &Telling,
    clock: &Clock,
) -> Result<u64, DbErr> {
    let now = clock.now();
    let mut rows = profiles.tidy(now).await? + accounts.sweep(now).await?;
    rows += forget_replies(databases, &migration::MODULES, now - REPLIES_KEPT).await?;
    rows += forget_told(databases, &migration::MODULES, now - EVENTS_KEPT).await?;
    rows += telling.notifications.tidy(now).await?;
    rows += Desk::new(databases.system::<activity::Schema>("jobs"), clock.clone()).forget(now - JOBS_KEPT).await?;
    let missed = Recorder::new(databases.system("recorder")).catch_up(databases, &announcing_modules()).await?;
    if missed > 0 {
        tracing::warn!(missed, "events are recorded that some subscriber never took: they wait for a person");
    }
    Ok(rows)
}
