//! What a worker that is killed in the middle leaves behind: everybody is told, and nobody twice.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use activity::{
    Schema,
    notifications::{Letter, Notifier, works},
    ports::{Audience, Crowd, Letterbox, Words},
};
use async_trait::async_trait;
use kernel::{
    ids::{UserId, WorkspaceId},
    jobs::{Pace, Workers},
    outbox::{Event, Subscriber},
};
use sea_orm::DbErr;
use tokio::sync::Notify;
use uuid::Uuid;

use super::jobs::Bench;
use crate::harness::{Cluster, Database, binary, run};

const PEOPLE: usize = 10_000;

/// People in the order of their ids; whoever asks for the page after `hangs_at` waits for ever.
struct Everybody {
    people: Vec<UserId>,
    hangs_at: Option<usize>,
    hangs: Notify,
    asked: AtomicUsize,
}

impl Everybody {
    fn new(people: &[UserId], hangs_at: Option<usize>) -> Arc<Self> {
        Arc::new(Self { people: people.to_vec(), hangs_at, hangs: Notify::new(), asked: AtomicUsize::new(0) })
    }
}

#[async_trait]
impl Audience for Everybody {
    async fn page(&self, crowd: &Crowd, after: Option<UserId>, limit: u32) -> Result<Vec<UserId>, DbErr> {
        assert_eq!(crowd.action, "workshop.broadcast");
        self.asked.fetch_add(1, Ordering::SeqCst);
        let from = after.map_or(0, |after| self.people.partition_point(|user| *user <= after));
        if self.hangs_at.is_some_and(|place| from >= place) {
            self.hangs.notify_one();
            std::future::pending::<()>().await;
        }
        Ok(self.people[from..].iter().take(usize::try_from(limit).unwrap()).copied().collect())
    }

    async fn words(&self, crowd: &Crowd) -> Result<Option<Words>, DbErr> {
        assert!(crowd.message.is_some());
        Ok(Some(Words { title: "Bring boots".to_owned(), body: "It will rain.".to_owned() }))
    }
}

/// Counts letters.
#[derive(Default)]
struct Letters(AtomicUsize);

#[async_trait]
impl Letterbox for Letters {
    async fn post(&self, letter: &Letter) -> Result<(), DbErr> {
        assert_eq!((letter.title.as_str(), letter.body.as_str()), ("Bring boots", "It will rain."));
        self.0.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

#[test]
fn a_broadcast_to_ten_thousand_reaches_each_once_though_its_worker_is_killed_half_way() {
    run(async {
        let bench = Bench::open().await;
        let mut people: Vec<UserId> = (0..PEOPLE).map(|_| UserId(Uuid::now_v7())).collect();
        people.sort();
        // Some don't want letters about that, and one nothing at all.
        let prefer = |user: UserId, channel: &str| {
            format!("INSERT INTO activity.preferences VALUES ('{user}', 'workshop_message', '{channel}', false)")
        };
        for user in &people[..100] {
            bench.database.execute(&prefer(*user, "mail")).await;
        }
        bench.database.execute(&prefer(people[0], "in_app")).await;

        let letters = Arc::new(Letters::default());
        let workers = |audience: Arc<Everybody>| {
            let works = works(&bench.databases.system("test"), audience, Arc::clone(&letters) as _);
            Workers::<Schema>::new(bench.databases.system("test"), bench.clock.clone(), works, Pace::default())
        };
        let event = Event::new("workshop.broadcast", "workshop", Uuid::now_v7(), bench.clock.now())
            .in_workspace(WorkspaceId(Uuid::now_v7()))
            .fact("broadcast_id", Uuid::now_v7().to_string());
        let notifier = Notifier::new(bench.databases.system("test"));
        notifier.hear(&event).await.unwrap();
        notifier.hear(&event).await.unwrap();

        let doomed = Everybody::new(&people, Some(PEOPLE / 2));
        let killed = workers(Arc::clone(&doomed));
        let dying = tokio::spawn(async move { killed.drain().await });
        doomed.hangs.notified().await;
        dying.abort();
        assert!(dying.await.unwrap_err().is_cancelled());
        let told = "SELECT count(*) FROM activity.notifications";
        assert_eq!(bench.database.number(told).await, i64::try_from(PEOPLE / 2 - 1).unwrap());

        bench.clock.advance(chrono::Duration::seconds(61));
        let heir = Everybody::new(&people, None);
        workers(Arc::clone(&heir)).drain().await.unwrap();
        // The same event once more changes nothing either.
        notifier.hear(&event).await.unwrap();
        workers(Arc::clone(&heir)).drain().await.unwrap();

        assert_eq!(bench.database.number(told).await, i64::try_from(PEOPLE - 1).unwrap());
        let each = "SELECT count(DISTINCT user_id) FROM activity.notifications WHERE in_app AND seq = 1";
        assert_eq!(bench.database.number(each).await, i64::try_from(PEOPLE - 1).unwrap());
        assert_eq!(heir.asked.load(Ordering::SeqCst), PEOPLE / 200 / 2 + 1, "it began anew");
        assert_eq!(letters.0.load(Ordering::SeqCst), PEOPLE - 100);
        assert!(bench.desk().list(None, 10).await.unwrap().is_empty());
        bench.close().await;
    });
}

/// The program itself, on a database; killed when it is dropped, at the latest.
struct Serving(tokio::process::Child);

impl Serving {
    fn on(database: &Database, folder: &tempfile::TempDir) -> Self {
        let mut command = tokio::process::Command::new(binary());
        command.arg("serve").env("LOBBY__DATABASE__URL", &database.url).env("LOBBY__DATA_DIR", folder.path());
        command.env("LOBBY__SERVER__LISTEN", "127.0.0.1:0").env("LOBBY__LOG__LEVEL", "error");
        command.stdout(std::process::Stdio::null()).kill_on_drop(true);
        Self(command.spawn().unwrap())
    }
}

async fn until(database: &Database, sql: &str, is_there: impl Fn(i64) -> bool) -> i64 {
    let deadline = Instant::now() + Duration::from_secs(120);
    loop {
        let number = database.number(sql).await;
        if is_there(number) {
            return number;
        }
        assert!(Instant::now() < deadline, "{sql} stays {number}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[test]
fn letters_are_put_into_the_outbox_once_each_though_the_program_is_killed_in_the_middle() {
    const LETTERS: i64 = 3000;
    run(async {
        let database = Cluster::get().await.create().await;
        let folder = tempfile::TempDir::new().unwrap();
        // Ids of now: what has an old one counts as told long ago.
        let now = Uuid::now_v7().to_string()[..13].to_owned();
        let fill = format!(
            "INSERT INTO activity.notifications (id, workspace_id, user_id, seq, kind, cause, subject_kind, subject_id, \
             title, body, data, in_app, mail, created_at) SELECT ('{now}' || substr(gen_random_uuid()::text, 14))::uuid, gen_random_uuid(), gen_random_uuid(), 1, \
             'workshop_message', gen_random_uuid(), 'workshop', gen_random_uuid(), 'Hello', '', '{{}}', true, true, now() \
             FROM generate_series(1, {LETTERS})"
        );
        database.execute(&fill).await;
        let job = "INSERT INTO activity.jobs (id, kind, key, payload, due_at, created_at) \
                   SELECT gen_random_uuid(), 'notifications.mail', 'all', jsonb_agg(id), now(), now() \
                   FROM activity.notifications";
        database.execute(job).await;

        let posted = "SELECT count(*) FROM mail.outbox";
        let mut first = Serving::on(&database, &folder);
        until(&database, posted, |posted| posted > 100).await;
        first.0.kill().await.unwrap();
        let half = database.number(posted).await;
        assert!(half < LETTERS, "it was done before it could be killed");
        // Its lease is over, as after a minute.
        database.execute("UPDATE activity.jobs SET due_at = now() WHERE state = 'waiting'").await;

        let mut second = Serving::on(&database, &folder);
        until(&database, "SELECT count(*) FROM activity.jobs WHERE state = 'done'", |done| done == 1).await;
        second.0.kill().await.unwrap();
        assert_eq!(database.number(posted).await, LETTERS);
        let each = "SELECT count(*) FROM activity.notifications n JOIN mail.outbox o ON o.id = n.id";
        assert_eq!(database.number(each).await, LETTERS);
        assert_eq!(database.number("SELECT attempts::bigint FROM activity.jobs").await, 2, "it wasn't begun twice");
        Cluster::get().await.remove(&database).await;
    });
}
