//! How long a second instance goes on answering someone whose membership the first has ended: the distribution over many
//! revocations, with the second instance's listener at work, just cut, and cut silently.
//!
//! `cargo bench -p tests --bench revocation`, with `LOBBY_POSTGRES_BIN` set as `make bench` does.

#![allow(
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    dead_code,
    unused_imports
)]

#[path = "../it/harness/mod.rs"]
mod harness;

use std::time::{Duration, Instant};

use harness::{Client, Lobby, Network, PASSWORD, lobby};
use serde_json::json;

const ROUNDS: usize = 200;
/// After a cut the second instance has to connect again, so these take longer to prepare.
const CUT_ROUNDS: usize = 30;

fn main() {
    lobby(async |first| {
        let network = Network::to(&first.database).await;
        let second = Lobby::on(network.database.clone(), &[]).await;
        let (owner, workspace) = first.workspace("lobby").await;
        let member = first.member(&owner, &workspace, "user").await;
        let email = owner.get(&format!("/users?workspace={workspace}")).await.expect(200);
        let email = email.items().iter().find(|person| person["id"] == member.user.as_str()).unwrap()["email"].clone();
        let there = second.anonymous().sign_in(email.as_str().unwrap(), PASSWORD).await;
        let scene = Scene { owner, workspace, there, user: member.user.clone() };

        println!(
            "From the answer to the revocation on one instance to the first refusal on another, in milliseconds.\n"
        );
        println!("| second instance's listener | revocations | p50 | p99 | max |");
        println!("|---|---|---|---|---|");
        let mut listening = Vec::new();
        for _ in 0..ROUNDS {
            listening.push(scene.revoke().await);
        }
        tell("listening", listening);

        let mut terminated = Vec::new();
        for _ in 0..CUT_ROUNDS {
            scene.restore().await;
            first.database.execute(TERMINATE).await;
            terminated.push(scene.end_and_time().await);
        }
        tell("cut, with an error", terminated);

        let mut silent = Vec::new();
        for _ in 0..CUT_ROUNDS {
            scene.restore().await;
            network.cut_listeners();
            silent.push(scene.end_and_time().await);
            network.mend();
        }
        tell("cut silently", silent);
        second.stop_serving().await;
    });
}

const TERMINATE: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
    WHERE datname = current_database() AND query ILIKE '%workspace_standing%' AND pid <> pg_backend_pid()";

struct Scene {
    owner: Client,
    workspace: String,
    /// The member, as a caller of the second instance.
    there: Client,
    user: String,
}

impl Scene {
    fn place(&self) -> String {
        format!("/workspaces/{}/members/{}", self.workspace, self.user)
    }

    async fn answers(&self) -> bool {
        self.there.get(&format!("/workspaces/{}/members", self.workspace)).await.status == 200
    }

    /// Ends the membership; answers how long the second instance still answers.
    async fn end_and_time(&self) -> Duration {
        self.owner.act(&format!("{}/deactivate", self.place())).await.expect(200);
        let begin = Instant::now();
        while self.answers().await {
            assert!(begin.elapsed() < Duration::from_secs(10), "never refused");
        }
        begin.elapsed()
    }

    /// Gives the membership back, and waits until the second instance knows and remembers.
    async fn restore(&self) {
        self.owner.act(&format!("{}/activate", self.place())).await;
        while !self.answers().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // Long enough to be connected again after a cut, and to trust what is read from then on.
        tokio::time::sleep(Duration::from_millis(600)).await;
        assert!(self.answers().await);
    }

    async fn revoke(&self) -> Duration {
        self.owner.act(&format!("{}/activate", self.place())).await;
        while !self.answers().await {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        self.end_and_time().await
    }
}

fn tell(name: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize].as_secs_f64() * 1000.0;
    println!("| {name} | {} | {:.1} | {:.1} | {:.1} |", times.len(), at(0.5), at(0.99), at(1.0));
}
