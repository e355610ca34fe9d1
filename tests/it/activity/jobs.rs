//! Jobs: done once however often they are asked for, tried again when they fail, gone on with by others when a worker dies.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use activity::Schema;
use async_trait::async_trait;
use futures_util::future::join_all;
use kernel::{
    clock::Clock,
    db::{DatabaseSettings, Databases},
    jobs::{Claim, Desk, JobFault, NewJob, Pace, Work, Workers},
};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::harness::{Cluster, Database, lobby_command, run};

/// A database with a table for jobs, and one for what they do.
pub struct Bench {
    pub database: Database,
    pub databases: Databases,
    pub clock: Clock,
}

impl Bench {
    pub async fn open() -> Self {
        let database = Cluster::get().await.create().await;
        database.execute("CREATE TABLE public.effects (key text NOT NULL)").await;
        let settings = DatabaseSettings {
            url: database.url.clone(),
            modules: Default::default(),
            max_connections: 6,
            acquire_timeout: Duration::from_secs(30),
        };
        Self { databases: Databases::connect(&settings).await.unwrap(), database, clock: Clock::system() }
    }

    async fn enqueue(&self, key: &str) -> bool {
        let system = self.databases.system::<Schema>("test");
        let tx = system.begin().await.unwrap();
        let job = NewJob::new("test", key, json!({ "asks": key }), self.clock.now());
        let is_new = tx.enqueue(&job).await.unwrap();
        tx.commit().await.unwrap();
        is_new
    }

    fn workers(&self, work: Arc<Doing>) -> Workers<Schema> {
        let pace = Pace { attempts: 3, ..Pace::default() };
        Workers::new(self.databases.system("test"), self.clock.clone(), vec![work], pace)
    }

    pub fn desk(&self) -> Desk<Schema> {
        Desk::new(self.databases.system("test"), self.clock.clone())
    }

    async fn effects(&self) -> (i64, i64) {
        let all = self.database.number("SELECT count(*) FROM public.effects").await;
        (all, self.database.number("SELECT count(DISTINCT key) FROM public.effects").await)
    }

    pub async fn close(self) {
        self.databases.close().await;
        Cluster::get().await.remove(&self.database).await;
    }
}

/// What a worker does with every job.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    /// Leaves a row, and is done.
    Well,
    /// Leaves a row for each of five steps.
    InSteps,
    /// Leaves a row in a transaction that it never ends.
    Hanging,
    /// Fails.
    Badly,
    /// Says that it can't be done.
    Never,
    /// Panics.
    Panicking,
}

struct Doing {
    way: Way,
    begun: AtomicUsize,
    hangs: Notify,
    goes_on: Notify,
}

impl Doing {
    fn new(way: Way) -> Arc<Self> {
        Arc::new(Self { way, begun: AtomicUsize::new(0), hangs: Notify::new(), goes_on: Notify::new() })
    }
}

#[async_trait]
impl Work<Schema> for Doing {
    fn kind(&self) -> &'static str {
        "test"
    }

    async fn run(&self, claim: &Claim<Schema>) -> Result<(), JobFault> {
        self.begun.fetch_add(1, Ordering::SeqCst);
        let key = claim.job().key.clone();
        let leave = |key: String| format!("INSERT INTO public.effects VALUES ('{key}')");
        match self.way {
            Way::Well => {
                let tx = claim.begin().await?;
                tx.execute_unprepared(&leave(key)).await?;
                claim.finish(tx).await
            }
            Way::InSteps => {
                let from = claim.job().progress.as_ref().and_then(Value::as_u64).unwrap_or_default();
                for step in from + 1..=5 {
                    let tx = claim.begin().await?;
                    tx.execute_unprepared(&leave(format!("{key} {step}"))).await?;
                    self.hangs.notify_one();
                    self.goes_on.notified().await;
                    claim.save(tx, json!(step)).await?;
                }
                claim.finish(claim.begin().await?).await
            }
            Way::Hanging => {
                let tx = claim.begin().await?;
                tx.execute_unprepared(&leave(key)).await?;
                self.hangs.notify_one();
                self.goes_on.notified().await;
                claim.finish(tx).await
            }
            Way::Badly => Err(JobFault::Failed("the moon is wrong".to_owned())),
            Way::Never => Err(JobFault::Hopeless("there is no moon".to_owned())),
            Way::Panicking => panic!("told to"),
        }
    }
}

#[test]
fn a_job_is_done_once_however_often_it_is_enqueued_and_never_if_that_is_rolled_back() {
    run(async {
        let bench = Bench::open().await;
        assert!(bench.enqueue("one").await);
        assert!(!bench.enqueue("one").await, "enqueued twice");
        let system = bench.databases.system::<Schema>("test");
        let tx = system.begin().await.unwrap();
        tx.enqueue(&NewJob::new("test", "undone", json!({}), bench.clock.now())).await.unwrap();
        drop(tx);
        let later = NewJob::new("test", "later", json!({}), bench.clock.now());
        let tx = system.begin().await.unwrap();
        tx.enqueue(&later.due(bench.clock.now() + chrono::Duration::hours(1))).await.unwrap();
        tx.commit().await.unwrap();

        let workers = bench.workers(Doing::new(Way::Well));
        assert_eq!(workers.drain().await.unwrap(), 1);
        assert!(!bench.enqueue("one").await, "a job that is done keeps its key");
        assert_eq!(workers.drain().await.unwrap(), 0);
        bench.clock.advance(chrono::Duration::minutes(61));
        assert_eq!(workers.drain().await.unwrap(), 1);
        assert_eq!(bench.effects().await, (2, 2));
        bench.close().await;
    });
}

#[test]
fn several_instances_at_once_do_each_job_once() {
    run(async {
        let bench = Bench::open().await;
        for number in 0..120 {
            bench.enqueue(&format!("job {number}")).await;
        }
        let work = Doing::new(Way::Well);
        let workers: Vec<_> = (0..5).map(|_| bench.workers(Arc::clone(&work))).collect();
        let begun: usize = join_all(workers.iter().map(Workers::drain)).await.into_iter().map(Result::unwrap).sum();
        assert_eq!((begun, work.begun.load(Ordering::SeqCst)), (120, 120));
        assert_eq!(bench.effects().await, (120, 120));
        bench.close().await;
    });
}

#[test]
fn what_fails_is_tried_again_after_pauses_and_then_waits_for_a_person() {
    run(async {
        let bench = Bench::open().await;
        for (way, why) in [(Way::Badly, "the moon is wrong"), (Way::Panicking, "it panicked; the log says where")] {
            let key = format!("{why} {}", way as u8);
            bench.enqueue(&key).await;
            let work = Doing::new(way);
            let workers = bench.workers(Arc::clone(&work));
            for begun in 1..=3 {
                assert_eq!(workers.drain().await.unwrap(), 1);
                assert_eq!(work.begun.load(Ordering::SeqCst), begun);
                assert_eq!(workers.drain().await.unwrap(), 0, "it is tried again without a pause");
                bench.clock.advance(chrono::Duration::seconds(2_i64.pow(u32::try_from(begun).unwrap()) + 1));
            }
            bench.clock.advance(chrono::Duration::hours(2));
            assert_eq!(workers.drain().await.unwrap(), 0, "it is never given up");
            let dead = bench.desk().list(Some("dead"), 10).await.unwrap();
            let job = dead.iter().find(|job| job.key == key).expect("it is no dead letter");
            assert_eq!((job.attempts, job.last_error.as_deref()), (3, Some(why)));

            bench.desk().retry(job.id).await.unwrap();
            assert_eq!(bench.workers(Doing::new(Way::Well)).drain().await.unwrap(), 1);
            assert_eq!(bench.desk().find(job.id).await.unwrap().state, "done");
            assert!(bench.desk().retry(job.id).await.is_err(), "what is done is done again");
        }
        assert_eq!(bench.effects().await, (2, 2));

        bench.enqueue("hopeless").await;
        assert_eq!(bench.workers(Doing::new(Way::Never)).drain().await.unwrap(), 1);
        let job = bench.desk().list(Some("dead"), 1).await.unwrap().pop().unwrap();
        assert_eq!(job.last_error.as_deref(), Some("there is no moon"));
        bench.desk().discard(job.id).await.unwrap();
        assert_eq!(bench.desk().find(job.id).await.unwrap().state, "discarded");
        assert!(bench.desk().list(None, 10).await.unwrap().is_empty());
        assert!(bench.desk().retry(Uuid::now_v7()).await.is_err());
        bench.close().await;
    });
}

/// Another worker does the steps of a job that were left after the first.
async fn inherit(bench: &Bench) {
    let heir = Doing::new(Way::InSteps);
    let workers = bench.workers(Arc::clone(&heir));
    let going_on = tokio::spawn(async move { workers.drain().await.unwrap() });
    for _ in 2..=5 {
        heir.hangs.notified().await;
        heir.goes_on.notify_one();
    }
    assert_eq!(going_on.await.unwrap(), 1);
}

#[test]
fn whoever_lost_the_lease_commits_nothing_and_another_does_the_job() {
    run(async {
        let bench = Bench::open().await;
        bench.enqueue("slow").await;
        let slow = Doing::new(Way::InSteps);
        let workers = bench.workers(Arc::clone(&slow));
        let lagging = tokio::spawn(async move { workers.drain().await });
        // The first step is saved; in the second the worker is away for longer than its lease.
        slow.hangs.notified().await;
        slow.goes_on.notify_one();
        slow.hangs.notified().await;
        bench.clock.advance(chrono::Duration::seconds(61));
        // Its transaction holds the row, so nobody takes the job from under it.
        let other = bench.workers(Doing::new(Way::Well));
        let claimed = other.drain();
        let looked = tokio::time::timeout(Duration::from_millis(300), claimed).await;
        assert!(looked.is_err() || looked.unwrap().unwrap() == 0, "the step was done by two");
        lagging.abort();
        assert!(lagging.await.unwrap_err().is_cancelled());

        inherit(&bench).await;
        assert_eq!(bench.effects().await, (5, 5), "a step is missing, or was done twice");
        bench.close().await;
    });
}

#[test]
fn a_worker_that_stops_ends_its_step_and_leaves_the_rest_to_others() {
    run(async {
        let bench = Bench::open().await;
        bench.enqueue("long").await;
        let work = Doing::new(Way::InSteps);
        let workers = bench.workers(Arc::clone(&work));
        let running = tokio::spawn(workers.clone().run());
        work.hangs.notified().await;
        workers.stop();
        work.goes_on.notify_one();
        running.await.unwrap();
        assert_eq!(bench.effects().await, (1, 1));
        // At once, not after the lease.
        inherit(&bench).await;
        assert_eq!(bench.effects().await, (5, 5));
        bench.close().await;
    });
}

#[test]
fn a_job_that_takes_its_workers_with_it_is_given_up() {
    run(async {
        let bench = Bench::open().await;
        bench.enqueue("deadly").await;
        for _ in 0..3 {
            let work = Doing::new(Way::Hanging);
            let workers = bench.workers(Arc::clone(&work));
            let dying = tokio::spawn(async move { workers.drain().await });
            work.hangs.notified().await;
            dying.abort();
            assert!(dying.await.unwrap_err().is_cancelled());
            bench.clock.advance(chrono::Duration::seconds(61));
        }
        let work = Doing::new(Way::Well);
        assert_eq!(bench.workers(Arc::clone(&work)).drain().await.unwrap(), 1);
        assert_eq!(work.begun.load(Ordering::SeqCst), 0, "it was begun once more");
        let dead = bench.desk().list(Some("dead"), 10).await.unwrap();
        assert_eq!(dead.len(), 1);
        assert_eq!(bench.effects().await, (0, 0));
        bench.close().await;
    });
}

#[test]
fn an_operator_lists_shows_retries_and_discards_jobs() {
    run(async {
        let bench = Bench::open().await;
        bench.enqueue("stuck").await;
        bench.workers(Doing::new(Way::Never)).drain().await.unwrap();
        let command = async |arguments: &[&str]| {
            let arguments = [&["jobs"], arguments].concat();
            lobby_command(&arguments, Some(&bench.database), &[]).await
        };
        let listed = command(&["list", "--json"]).await;
        assert!(listed.well, "{}", listed.errors);
        let jobs: Value = serde_json::from_str(&listed.output).unwrap();
        let id = jobs[0]["id"].as_str().unwrap();
        assert_eq!((&jobs[0]["state"], &jobs[0]["last_error"]), (&json!("dead"), &json!("there is no moon")));
        assert!(command(&["list"]).await.output.contains(id));
        assert!(command(&["show", id]).await.output.contains("\"asks\":\"stuck\""));
        let retried = command(&["retry", id, "--json"]).await;
        assert_eq!(serde_json::from_str::<Value>(&retried.output).unwrap()["state"], "waiting", "{}", retried.errors);
        assert!(command(&["discard", id]).await.well);
        let again = command(&["discard", id]).await;
        assert!(!again.well && again.errors.contains("is discarded"), "{}", again.errors);
        assert!(!command(&["show", &Uuid::now_v7().to_string()]).await.well);
        // Who did it is told.
        let sql = "SELECT count(*) FROM activity.outbox WHERE action IN ('job.retried', 'job.discarded') \
                   AND system_actor = 'command-line'";
        assert_eq!(bench.database.number(sql).await, 2);
        bench.close().await;
    });
}
