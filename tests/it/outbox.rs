//! The outbox's relay: what was announced is told, also when a relay dies, a subscriber fails, or connections are few.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use futures_util::future::join_all;
use kernel::{
    clock::Clock,
    db::{DatabaseSettings, Databases, Module},
    outbox::{Event, Relay, Subscriber},
};
use sea_orm::DbErr;
use serde_json::json;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::harness::{Cluster, Database, PASSWORD, lobby_with, run};

/// A module of the test's own that has a module's outbox.
struct Announcing;

impl Module for Announcing {
    const NAME: &'static str = "project";
}

/// A database with an outbox and what it takes to relay it.
struct Station {
    database: Database,
    databases: Databases,
    clock: Clock,
}

impl Station {
    async fn open() -> Self {
        let database = Cluster::get().await.create().await;
        let settings = DatabaseSettings {
            url: database.url.clone(),
            modules: Default::default(),
            max_connections: 2,
            acquire_timeout: Duration::from_secs(10),
        };
        Self { databases: Databases::connect(&settings).await.unwrap(), database, clock: Clock::system() }
    }

    async fn announce(&self, action: &str) {
        let system = self.databases.system::<Announcing>("test");
        let tx = system.begin().await.unwrap();
        tx.announce(Event::new(action, "thing", Uuid::now_v7(), self.clock.now())).await.unwrap();
        tx.commit().await.unwrap();
    }

    fn relay(&self, subscriber: Arc<dyn Subscriber>) -> Relay {
        Relay::new(self.databases.clone(), self.clock.clone(), ["project"], vec![subscriber])
    }

    async fn untold(&self) -> i64 {
        self.database.number("SELECT count(*) FROM project.outbox WHERE told_at IS NULL").await
    }

    async fn close(self) {
        self.databases.close().await;
        Cluster::get().await.remove(&self.database).await;
    }
}

/// Hears events; what is `poison` it never takes, at `panic` it panics, and while `hanging` it never ends.
#[derive(Default)]
struct Ear {
    heard: AtomicUsize,
    begun: Notify,
    hanging: AtomicBool,
}

impl Ear {
    fn count(&self) -> usize {
        self.heard.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl Subscriber for Ear {
    fn name(&self) -> &'static str {
        "ear"
    }

    async fn hear(&self, event: &Event) -> Result<(), DbErr> {
        self.begun.notify_one();
        if self.hanging.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
        if event.action == "poison" {
            return Err(DbErr::Custom("poisonous".to_owned()));
        }
        assert_ne!(event.action, "panic", "told to");
        self.heard.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

#[test]
fn an_event_whose_relay_dies_is_told_by_another_after_the_lease() {
    run(async {
        let station = Station::open().await;
        station.announce("thing.made").await;
        let doomed = Arc::new(Ear { hanging: true.into(), ..Ear::default() });
        let relay = station.relay(doomed.clone());
        let dying = tokio::spawn(async move { relay.drain().await });
        tokio::time::timeout(Duration::from_secs(20), doomed.begun.notified()).await.expect("nothing was claimed");
        dying.abort();
        assert!(dying.await.unwrap_err().is_cancelled());

        let heir = Arc::new(Ear::default());
        let relay = station.relay(heir.clone());
        assert_eq!(relay.drain().await.unwrap(), 0, "somebody may still be telling it");
        assert_eq!(station.untold().await, 1, "it was written off");
        station.clock.advance(chrono::Duration::seconds(121));
        assert_eq!(relay.drain().await.unwrap(), 1);
        assert_eq!((heir.count(), station.untold().await), (1, 0));
        station.clock.advance(chrono::Duration::hours(1));
        assert_eq!(relay.drain().await.unwrap(), 0, "it was told twice");
        station.close().await;
    });
}

#[test]
fn two_relays_tell_each_event_once_while_both_live() {
    run(async {
        let station = Station::open().await;
        for _ in 0..60 {
            station.announce("thing.made").await;
        }
        let ear = Arc::new(Ear::default());
        let relays: Vec<Relay> = (0..4).map(|_| station.relay(ear.clone())).collect();
        let told = join_all(relays.iter().map(Relay::drain)).await;
        assert_eq!(told.into_iter().map(Result::unwrap).sum::<usize>(), 60);
        assert_eq!((ear.count(), station.untold().await), (60, 0));
        station.close().await;
    });
}

#[test]
fn a_subscriber_that_panics_does_not_end_the_relay() {
    run(async {
        let station = Station::open().await;
        station.announce("panic").await;
        station.announce("thing.made").await;
        let ear = Arc::new(Ear::default());
        let relay = station.relay(ear.clone());
        assert_eq!(relay.drain().await.unwrap(), 1);
        let failed = "SELECT count(*) FROM project.outbox WHERE told_at IS NULL AND action = 'panic' AND attempts = 1";
        assert_eq!((ear.count(), station.database.number(failed).await), (1, 1));
        station.close().await;
    });
}

#[test]
fn poisonous_events_do_not_hold_up_the_others() {
    run(async {
        let station = Station::open().await;
        // More than one claim takes, and older than what is sound.
        for _ in 0..45 {
            station.announce("poison").await;
        }
        for _ in 0..5 {
            station.announce("thing.made").await;
        }
        let ear = Arc::new(Ear::default());
        let relay = station.relay(ear.clone());
        assert_eq!(relay.drain().await.unwrap(), 5);
        assert_eq!((ear.count(), station.untold().await), (5, 45));
        let tried = "SELECT count(*) FROM project.outbox WHERE told_at IS NULL AND attempts = 1";
        assert_eq!(station.database.number(tried).await, 45);

        // They come again, ever less often, and in the end wait for a person; what is new is told at once.
        for _ in 0..25 {
            station.clock.advance(chrono::Duration::hours(2));
            station.announce("thing.made").await;
            assert_eq!(relay.drain().await.unwrap(), 1);
        }
        let given_up = "SELECT count(*) FROM project.outbox WHERE told_at IS NULL AND attempts = 20";
        assert_eq!(station.database.number(given_up).await, 45);
        station.close().await;
    });
}

#[test]
fn those_who_sign_up_at_once_get_their_membership_on_two_connections() {
    for connections in ["2", "4"] {
        let few = [
            ("LOBBY__DATABASE__MAX_CONNECTIONS", connections),
            ("LOBBY__DATABASE__ACQUIRE_SECONDS", "60"),
            ("LOBBY__SERVER__REQUEST_SECONDS", "120"),
        ];
        lobby_with(&few, async |lobby| {
            let owner = lobby.person().await;
            let open = json!({ "name": "Open", "blueprint": "crafo", "registration": "open" });
            let workspace = owner.post("/workspaces", open).await.expect(201).id();
            let anonymous = lobby.anonymous();
            let sign_ups = (0..24).map(|number| {
                let email = format!("crowd{number}@example.org");
                anonymous.post("/auth/signup", json!({ "email": email, "password": PASSWORD, "workspace": workspace }))
            });
            for answer in join_all(sign_ups).await {
                let answer = answer.expect(201);
                let person = anonymous.holding(&answer.json["tokens"]);
                // The answer promises the membership: it is there with it, not some time later.
                assert_eq!(person.get("/workspaces").await.expect(200).each("id"), [workspace.as_str()]);
            }
        });
    }
}
