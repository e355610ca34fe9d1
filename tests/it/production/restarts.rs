//! Lobby is replaced under load: no request fails, and nothing that was acknowledged is lost.

use std::time::Duration;

use super::{
    Front, Supervisor,
    load::{FASTER, Load},
    nginx,
};
use crate::harness::{Cluster, run};

#[test]
fn restarts_under_load_fail_no_request_and_lose_no_write() {
    let Some(nginx) = nginx() else { return };
    run(async {
        let cluster = Cluster::get().await;
        let database = cluster.create().await;
        let supervisor = Supervisor::open(&database, &[]);
        let mut serving = supervisor.start().await;
        let front = Front::of(nginx, &supervisor.socket, &[FASTER]).await;
        let load = Load::begin(&front, &Front::client()).await;

        let mut restarts = 0;
        while restarts < 4 || load.lasted() < Duration::from_secs(8) {
            tokio::time::sleep(Duration::from_millis(500)).await;
            if restarts % 2 == 0 {
                // The new process takes over while the old one still answers what it took.
                let next = supervisor.start().await;
                serving.stop().await;
                serving = next;
            } else {
                // As `systemctl restart` does it: the old one ends, then the new one starts; callers wait.
                serving.stop().await;
                serving = supervisor.start().await;
            }
            restarts += 1;
        }
        load.end(&database, &format!("{restarts} restarts")).await;
        serving.stop().await;
        drop(front);
        cluster.remove(&database).await;
    });
}
