//! Who waits for a transaction may go away at any moment: nothing of others goes with them.

use std::{
    pin::pin,
    task::Poll,
    time::{Duration, Instant},
};

use kernel::db::{DatabaseSettings, Databases, Module};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use sqlx::PgConnection;

use crate::harness::{Cluster, run};

/// A module of the test's own.
struct Noting;

impl Module for Noting {
    const NAME: &'static str = "project";
}

/// Waits for so many steps of some work and no longer.
async fn begun(steps: usize, work: impl Future) {
    let (mut work, mut left) = (pin!(work), steps);
    std::future::poll_fn(|context| {
        left -= 1;
        if work.as_mut().poll(context).is_ready() || left == 0 { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

async fn number(connection: &mut PgConnection, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(connection).await.unwrap()
}

#[test]
fn what_is_written_after_somebody_left_a_transaction_that_was_begun_stays_written() {
    run(async {
        let database = Cluster::get().await.create().await;
        let mut aside = database.connect().await;
        database.execute("CREATE TABLE public.notes (note bigint)").await;
        let settings = DatabaseSettings {
            url: database.url.clone(),
            modules: Default::default(),
            // Who comes next has the connection of whoever left.
            max_connections: 1,
            acquire_timeout: Duration::from_secs(10),
        };
        let databases = Databases::connect(&settings).await.unwrap();
        let system = databases.system::<Noting>("test");
        for note in 0..60 {
            // Left later each time: while a connection is waited for, while it is tried, while BEGIN is under way.
            let steps = 1 + note % 12;
            if note % 2 == 0 {
                begun(steps, system.begin()).await;
            } else {
                begun(steps, databases.snapshot("project", "test")).await;
            }
            let sql = format!("INSERT INTO public.notes VALUES ({note})");
            system.db().execute_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap();
            let kept = number(&mut aside, "SELECT count(*) FROM public.notes").await;
            assert_eq!(kept, i64::try_from(note).unwrap() + 1, "left after {steps} steps");
            drop(system.begin().await.unwrap());
        }
        let open =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in %'";
        let begun = Instant::now();
        while number(&mut aside, open).await > 0 {
            assert!(begun.elapsed() < Duration::from_secs(20), "a transaction stays open");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        databases.close().await;
        Cluster::get().await.remove(&database).await;
    });
}
