//! The media store, the mail server and Redis away at once, under load: each costs what needs it, and comes back by itself.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::future::join_all;
use serde_json::json;
use tokio::task::JoinHandle;

use super::{eventually, free_port};
use crate::{
    gallery::Store,
    harness::{Client, PASSWORD, lobby_with, picture, run},
    mail::PostOffice,
    profiles::Redis,
};

const PHONE: &str = "+41791234567";

/// Somebody who writes and reads, and is answered as always.
fn caller(client: &Client, workspace: &str, number: usize, load: &Arc<(AtomicBool, AtomicUsize)>) -> JoinHandle<()> {
    let (client, workspace, load) = (client.clone(), workspace.to_owned(), Arc::clone(load));
    tokio::spawn(async move {
        for round in 0..20_000 {
            if load.0.load(Ordering::Relaxed) {
                return;
            }
            let project = json!({ "workspace": workspace, "name": format!("Project {number} {round}") });
            client.post("/projects", project).await.expect(201);
            load.1.fetch_add(1, Ordering::Relaxed);
            client.get("/users/me").await.expect(200);
        }
    })
}

#[test]
fn under_load_what_is_away_costs_what_needs_it_and_comes_back_by_itself() {
    let Some(mut store) = run(Store::start()) else { return };
    let Some(redis) = run(Redis::start()) else { return };
    let port = free_port();
    let (smtp, codes) = (format!("smtp://127.0.0.1:{port}"), redis.url());
    let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    let endpoint: Vec<(String, String)> = store.variables().into_iter().map(own).collect();
    let mut variables: Vec<(&str, &str)> =
        endpoint.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    variables.extend([
        ("LOBBY__MAIL__TRANSPORT", "smtp"),
        ("LOBBY__MAIL__SMTP_URL", smtp.as_str()),
        ("LOBBY__REDIS__URL", codes.as_str()),
    ]);
    lobby_with(&variables, async |lobby| {
        let post = PostOffice::open(port, &[]).await;
        let (owner, gallery) = lobby.workspace("gallery").await;
        let load = Arc::new((AtomicBool::new(false), AtomicUsize::new(0)));
        let callers: Vec<_> = (0..8).map(|number| caller(&owner, &gallery, number, &load)).collect();
        let goes_on = async |what: &str| {
            let before = load.1.load(Ordering::Relaxed);
            let failed = || callers.iter().any(JoinHandle::is_finished);
            eventually(what, async || failed() || load.1.load(Ordering::Relaxed) > before + 40).await;
            assert!(!failed(), "somebody was answered otherwise: {what}");
        };
        owner.upload(&gallery, picture(1), "there").await.expect(201);
        goes_on("all are there").await;

        store.kill().await;
        drop(post);
        redis.freeze().await;
        let refused = owner.upload(&gallery, picture(2), "nowhere").await.problem(503, "storage_unavailable");
        assert!(!refused.header("retry-after").is_empty());
        owner.post("/users/me/phone", json!({ "phone": PHONE })).await.problem(503, "codes_unavailable");
        let new = lobby.sign_up(json!({ "email": "meanwhile@example.org", "password": PASSWORD })).await;
        new.get("/users/me").await.expect(200);
        let failed = "SELECT count(*) FROM mail.outbox WHERE attempts > 0 AND told_at IS NULL";
        eventually("a mail failed", async || lobby.database.number(failed).await > 0).await;
        goes_on("all three are away").await;
        owner.get("//ready").await.expect(200);

        store.again().await;
        redis.thaw().await;
        let post = PostOffice::open(port, &[]).await;
        let uploaded = async || owner.upload(&gallery, picture(3), "again").await.status == 201;
        eventually("pictures are taken again", uploaded).await;
        let sent = async || owner.post("/users/me/phone", json!({ "phone": PHONE })).await.status == 202;
        eventually("codes are counted again", sent).await;
        // The pause until a mail is tried again is over.
        lobby.clock.advance(chrono::Duration::minutes(5));
        let arrived = async || post.mails().iter().any(|mail| mail["to"][0] == "meanwhile@example.org");
        eventually("the mail arrives", arrived).await;
        goes_on("all are back").await;

        load.0.store(true, Ordering::Relaxed);
        let done = tokio::time::timeout(Duration::from_secs(60), join_all(callers)).await.unwrap();
        done.into_iter().for_each(Result::unwrap);
        let written = i64::try_from(load.1.load(Ordering::Relaxed)).unwrap();
        assert_eq!(lobby.database.number("SELECT count(*) FROM project.projects").await, written);
        assert_eq!(lobby.database.number("SELECT count(*) FROM gallery.images").await, 2);
    });
}
