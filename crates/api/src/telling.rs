//! Telling people what happened: notifications, the jobs that they are done by, and the streams that they go to.

use std::{sync::Arc, time::Duration};

use activity::{
    Schema,
    notifications::{self, Notifications},
    streams::{Ears, StreamLimits, Streams},
};
use actix_web::web::Data;
use kernel::{
    clock::Clock,
    db::Databases,
    jobs::{Pace, Workers},
};
use tokio::{sync::Mutex, task::JoinHandle};
use workshop::Audiences;
use workspace::Standings;

use crate::{adapters::audience::Crowds, mail::MailQueue, settings::Settings};

/// The services, and those who work for them. Clones share everything.
#[derive(Clone, Debug)]
pub(crate) struct Telling {
    pub(crate) notifications: Data<Notifications>,
    pub(crate) streams: Data<Streams>,
    pub(crate) workers: Workers<Schema>,
    working: Arc<Mutex<Option<JoinHandle<()>>>>,
}

impl Telling {
    /// Makes them, and has the workers begin.
    pub(crate) fn start(settings: &Settings, databases: &Databases, standings: &Arc<Standings>, clock: &Clock) -> Self {
        let letterbox = Arc::new(MailQueue::new(databases.system("mail-queue")));
        let crowds = Crowds::new(Audiences::new(databases.system("audiences")), Arc::clone(standings));
        let works = notifications::works(&databases.system("letters"), Arc::new(crowds), letterbox);
        let attempts = i32::try_from(settings.jobs.attempts).unwrap_or(i32::MAX);
        let pace = Pace { slots: settings.jobs.parallelism, attempts, ..Pace::default() };
        let workers = Workers::new(databases.system("workers"), clock.clone(), works, pace);
        let limits = StreamLimits {
            per_person: settings.events.streams_per_person,
            in_all: settings.events.streams,
            heartbeat: Duration::from_secs(settings.events.heartbeat_seconds),
        };
        Self {
            notifications: Data::new(Notifications::new(databases.system("notifications"))),
            streams: Data::new(Streams::new(limits)),
            working: Arc::new(Mutex::new(Some(tokio::spawn(workers.clone().run())))),
            workers,
        }
    }

    /// What is to hear the database of the module.
    pub(crate) fn ears(&self) -> Ears {
        Ears::new(Streams::clone(&self.streams), self.workers.clone())
    }

    /// Ends the streams, and the workers at the end of their steps.
    pub(crate) async fn stop(&self) {
        self.streams.close();
        self.workers.stop();
        if let Some(working) = self.working.lock().await.take() {
            // It ends by itself, in a time of its own.
            let _ = working.await;
        }
    }
}
