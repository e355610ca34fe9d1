//! A thousand clients of event streams that come and go at random: what they miss, what they get twice, and what a stream costs in
//! memory, at a program of its own.
//!
//! `cargo bench -p tests --bench streams`, with `LOBBY_POSTGRES_BIN` set as `make bench` does. Needs `cargo build --bin lobby`.

#![allow(
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    dead_code,
    unused_imports
)]

mod common;
#[path = "../it/harness/mod.rs"]
mod harness;

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use activity::{Schema, notifications::Notifier};
use common::unlogged;
use futures_util::future::join_all;
use harness::{Client, Following, Lobby, PASSWORD, binary, come_and_go, lobby};
use kernel::{
    ids::WorkspaceId,
    outbox::{Event, Subscriber},
};
use tokio::process::{Child, Command};
use uuid::Uuid;

const PEOPLE: usize = 100;
const STREAMS_EACH: usize = 10;
const EVENTS: usize = 20;

fn main() {
    lobby(async |lobby| {
        unlogged(lobby).await;
        let (owner, workspace) = lobby.workspace("gallery").await;
        let mut emails = vec!["person0@example.org".to_owned()];
        for number in 1..PEOPLE {
            lobby.member(&owner, &workspace, "beta_player").await;
            emails.push(format!("person{number}@example.org"));
        }
        lobby.services().settle().await.unwrap();
        let folder = tempfile::TempDir::new().unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new(binary());
        command.arg("serve").env("LOBBY__DATABASE__URL", &lobby.database.url).env("LOBBY__DATA_DIR", folder.path());
        command.env("LOBBY__SERVER__LISTEN", format!("127.0.0.1:{port}")).env("LOBBY__LOG__LEVEL", "error");
        let server = command.env("LOBBY__EVENTS__STREAMS_PER_PERSON", "50").kill_on_drop(true).spawn().unwrap();
        let there = Client::anonymous(format!("http://127.0.0.1:{port}"), Arc::clone(&lobby.contract));
        let deadline = Instant::now() + Duration::from_secs(60);
        while there.request(reqwest::Method::GET, "//ready").send().await.is_err() {
            assert!(Instant::now() < deadline, "it doesn't serve");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let mut people = Vec::new();
        for email in &emails {
            let mut person = there.sign_in(email, PASSWORD).await;
            person.user = person.get("/users/me").await.expect(200).id();
            people.push(person);
        }

        let before = memory(&server);
        let clients = || people.iter().flat_map(|person| std::iter::repeat_n(person, STREAMS_EACH));
        let open: Vec<Following> = join_all(clients().map(|person| Following::open(person, None))).await;
        let with = memory(&server);
        println!(
            "{} streams: {} KiB each ({before} KiB without, {with} KiB with them)",
            open.len(),
            (with - before) / open.len()
        );
        drop(open);

        let mut places = BTreeMap::new();
        for person in &people {
            let sql = format!("SELECT count(*) FROM activity.notifications WHERE user_id = '{}'", person.user);
            places.insert(person.user.clone(), lobby.database.number(&sql).await.to_string());
        }
        let notifier = Notifier::new(lobby.services().databases.system::<Schema>("bench"));
        let telling = async {
            let mut told: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for _ in 0..EVENTS {
                for person in &people {
                    let event = Event::new("image.approved", "image", Uuid::now_v7(), lobby.clock.now())
                        .in_workspace(WorkspaceId(workspace.parse().unwrap()))
                        .fact("uploader_id", person.user.as_str());
                    notifier.hear(&event).await.unwrap();
                    told.entry(person.user.clone()).or_default().push(event.resource_id.to_string());
                }
            }
            told
        };
        let began = Instant::now();
        let following = clients().map(|person| {
            let place = places[&person.user].clone();
            async move { (person.user.clone(), come_and_go(person, place, EVENTS).await) }
        });
        let (told, heard) = tokio::join!(telling, join_all(following));
        let (mut came_back, mut events) = (0, 0);
        for (user, (seen, visits)) in heard {
            assert_eq!(seen, told[&user], "something was missed, or came twice");
            came_back += visits - 1;
            events += seen.len();
        }
        println!(
            "{} clients came back {came_back} times in {:?}; {events} events, none missed, none twice",
            PEOPLE * STREAMS_EACH,
            began.elapsed()
        );
        println!("{} KiB at the end", memory(&server));
    });
}

/// What the program has in memory, in KiB.
fn memory(server: &Child) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id().unwrap())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
