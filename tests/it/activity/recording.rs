//! Recording: every event of every module, once, in a chain without gaps, whoever dies or does it at the same time.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use activity::{Recorder, Verifier};
use async_trait::async_trait;
use futures_util::future::join_all;
use kernel::{
    clock::Clock,
    db::{DatabaseSettings, Databases, Module},
    ids::WorkspaceId,
    outbox::{Event, Relay, Subscriber},
};
use sea_orm::DbErr;
use serde_json::json;
use tokio::sync::Notify;
use uuid::Uuid;

use super::{entries, project};
use crate::harness::{Cluster, Database, Lobby, PASSWORD, lobby, run};

/// A module of the test's own that has a module's outbox.
struct Announcing;

impl Module for Announcing {
    const NAME: &'static str = "project";
}

async fn databases(database: &Database) -> Databases {
    let settings = DatabaseSettings {
        url: database.url.clone(),
        modules: Default::default(),
        max_connections: 6,
        acquire_timeout: Duration::from_secs(30),
    };
    Databases::connect(&settings).await.unwrap()
}

/// Records, and then never comes back: whoever dies between the two leaves the event unmarked.
struct Doomed {
    recorder: Recorder,
    recorded: Notify,
    hangs: AtomicBool,
}

#[async_trait]
impl Subscriber for Doomed {
    fn name(&self) -> &'static str {
        "doomed"
    }

    async fn hear(&self, event: &Event) -> Result<(), DbErr> {
        self.recorder.hear(event).await?;
        self.recorded.notify_one();
        if self.hangs.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
        Ok(())
    }
}

const ROWS: &str = "SELECT count(*) FROM activity.events";
/// Nothing when every chain is 1, 2, 3 and so on, up to its length.
const GAPS: &str = "SELECT count(*) FROM (SELECT seq - row_number() OVER (PARTITION BY workspace_id ORDER BY seq) AS gap \
    FROM activity.events) e WHERE gap <> 0";
const ENDS: &str = "SELECT count(*) FROM activity.chains c \
    WHERE length <> (SELECT count(*) FROM activity.events e WHERE e.workspace_id = c.workspace_id)";

#[test]
fn an_event_whose_relay_dies_after_it_was_recorded_is_recorded_once() {
    run(async {
        let database = Cluster::get().await.create().await;
        let (databases, clock) = (databases(&database).await, Clock::system());
        let system = databases.system::<Announcing>("test");
        let tx = system.begin().await.unwrap();
        for _ in 0..3 {
            tx.announce(Event::new("thing.made", "thing", Uuid::now_v7(), clock.now())).await.unwrap();
        }
        tx.commit().await.unwrap();

        let doomed = Arc::new(Doomed {
            recorder: Recorder::new(databases.system("recorder")),
            recorded: Notify::new(),
            hangs: true.into(),
        });
        let relay = Relay::new(databases.clone(), clock.clone(), ["project"], vec![doomed.clone()]);
        let dying = relay.clone();
        let dying = tokio::spawn(async move { dying.drain().await });
        tokio::time::timeout(Duration::from_secs(20), doomed.recorded.notified()).await.expect("nothing was recorded");
        dying.abort();
        assert!(dying.await.unwrap_err().is_cancelled());
        assert_eq!(database.number(ROWS).await, 1);

        doomed.hangs.store(false, Ordering::Relaxed);
        clock.advance(chrono::Duration::seconds(121));
        let relay = Relay::new(databases.clone(), clock, ["project"], vec![doomed.clone()]);
        assert_eq!(relay.drain().await.unwrap(), 3);
        assert_eq!(database.number(ROWS).await, 3);
        assert_eq!((database.number(GAPS).await, database.number(ENDS).await), (0, 0));
        let verified = Verifier::new(databases.system("verifier")).verify(None, &[]).await.unwrap();
        assert_eq!((verified.faults.len(), verified.whole.len(), verified.whole[0].length), (0, 1, 3));
        databases.close().await;
        Cluster::get().await.remove(&database).await;
    });
}

#[test]
fn what_is_told_again_is_not_recorded_again() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let id = project(&owner, &workspace, "Once").await;
        owner.patch(&format!("/projects/{id}"), json!({ "name": "Twice" })).await.expect(200);
        lobby.services().settle().await.unwrap();
        let before = lobby.database.number(ROWS).await;
        let outboxes = "SELECT (SELECT count(*) FROM accounts.outbox) + (SELECT count(*) FROM workspace.outbox) \
                        + (SELECT count(*) FROM project.outbox) + (SELECT count(*) FROM gallery.outbox)";
        assert_eq!(before, lobby.database.number(outboxes).await, "every event of every module is recorded");
        for module in ["accounts", "workspace", "project"] {
            let again = format!("UPDATE {module}.outbox SET told_at = NULL, next_try_at = now() - interval '1 second'");
            lobby.database.execute(&again).await;
        }
        lobby.services().settle().await.unwrap();
        assert_eq!(lobby.database.number("SELECT count(*) FROM project.outbox WHERE told_at IS NULL").await, 0);
        assert_eq!(lobby.database.number(ROWS).await, before);
        assert_eq!((lobby.database.number(GAPS).await, lobby.database.number(ENDS).await), (0, 0));
    });
}

#[test]
fn many_who_append_at_once_make_one_chain_without_gaps() {
    run(async {
        let database = Cluster::get().await.create().await;
        // Two instances, each with its own pool.
        let instances = [databases(&database).await, databases(&database).await];
        let now = Clock::system().now();
        let places: Vec<WorkspaceId> = (0..2).map(|_| WorkspaceId::new(now)).collect();
        let events: Vec<Event> = (0..240)
            .map(|number: usize| {
                let event = Event::new("thing.made", "thing", Uuid::now_v7(), now);
                if number % 3 == 2 { event } else { event.in_workspace(places[number % 3]) }
            })
            .collect();
        let recorders: Vec<Recorder> =
            (0..8).map(|number| Recorder::new(instances[number % 2].system("recorder"))).collect();
        // Everyone tells everything, each beginning elsewhere.
        let telling = recorders.iter().enumerate().map(|(number, recorder)| {
            let events = &events;
            async move {
                for step in 0..events.len() {
                    recorder.hear(&events[(step + number * 30) % events.len()]).await.unwrap();
                }
            }
        });
        join_all(telling).await;
        assert_eq!(database.number(ROWS).await, 240);
        assert_eq!((database.number(GAPS).await, database.number(ENDS).await), (0, 0));
        let verified = Verifier::new(instances[0].system("verifier")).verify(None, &[]).await.unwrap();
        assert_eq!(verified.faults, []);
        assert_eq!(verified.whole.iter().map(|chain| chain.length).collect::<Vec<_>>(), [80, 80, 80]);
        for databases in &instances {
            databases.close().await;
        }
        Cluster::get().await.remove(&database).await;
    });
}

#[test]
fn two_instances_that_serve_one_workspace_keep_one_chain() {
    lobby(async |first| {
        let second = Lobby::on(first.database.clone(), &[]).await;
        let (owner, workspace) = first.workspace("lobby").await;
        let email = owner.get("/users/me").await.expect(200).text("email");
        let there = second.anonymous().sign_in(&email, PASSWORD).await;
        let made = (0..30).map(|number: usize| {
            let caller = if number.is_multiple_of(2) { &owner } else { &there };
            let body = json!({ "workspace": workspace, "name": format!("Project {number}") });
            caller.post("/projects", body)
        });
        for answer in join_all(made).await {
            answer.expect(201);
        }
        let (one, other) = tokio::join!(first.services().settle(), second.services().settle());
        one.and(other).unwrap();
        // What one instance has claimed, it is still telling.
        let untold = "SELECT count(*) FROM project.outbox WHERE told_at IS NULL";
        let deadline = std::time::Instant::now() + Duration::from_secs(20);
        while first.database.number(untold).await > 0 {
            assert!(std::time::Instant::now() < deadline, "some are never told");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let told = entries(first, &owner, &format!("/workspaces/{workspace}/audit?action=project.created")).await;
        assert_eq!(told.len(), 30);
        assert_eq!((first.database.number(GAPS).await, first.database.number(ENDS).await), (0, 0));
        assert_eq!(first.services().verifier().verify(None, &[]).await.unwrap().faults, []);
        second.stop_serving().await;
    });
}

#[test]
fn what_a_subscriber_never_took_is_recorded_all_the_same_and_what_is_old_is_forgotten_where_it_came_from() {
    lobby(async |first| {
        let (owner, workspace) = first.workspace("lobby").await;
        project(&owner, &workspace, "Old").await;
        first.services().settle().await.unwrap();
        let told = first.database.number(ROWS).await;
        let given_up = Uuid::now_v7();
        first
            .database
            .execute(&format!(
                "INSERT INTO gallery.outbox (id, workspace_id, as_platform, action, resource_kind, resource_id, changes, \
                 at, attempts, next_try_at) VALUES ('{given_up}', '{workspace}', false, 'image.lost', 'image', \
                 '{given_up}', '{{}}', now(), 20, now());
                 UPDATE project.outbox SET id = overlay(id::text placing '0190' from 1 for 4)::uuid"
            ))
            .await;
        // An instance tidies when it starts.
        let second = Lobby::on(first.database.clone(), &[]).await;
        let recorded = format!("SELECT count(*) FROM activity.events WHERE id = '{given_up}'");
        let deadline = std::time::Instant::now() + Duration::from_secs(20);
        while first.database.number(&recorded).await == 0 || first.database.number(OLD).await > 0 {
            assert!(std::time::Instant::now() < deadline, "it is never tidied");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(first.database.number(ROWS).await, told + 1, "what happened stays in the log");
        let waiting = format!("SELECT count(*) FROM gallery.outbox WHERE id = '{given_up}'");
        assert_eq!(first.database.number(&waiting).await, 1, "it waits for a person");
        second.stop_serving().await;
    });
}

/// Old events that were told.
const OLD: &str = "SELECT count(*) FROM project.outbox";
