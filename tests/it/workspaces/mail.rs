//! Who is made a member is told by mail, also when the mail server was away.

use serde_json::json;
use tokio::net::TcpListener;

use super::{accounts, eventually, membership, smtp_sink::SmtpSink};
use crate::harness::{Lobby, PASSWORD, lobby_with};

/// Runs a test with a Lobby that sends its mail to this port.
fn mailing(test: impl AsyncFnOnce(&Lobby, TcpListener, u16)) {
    let listener = crate::harness::run(TcpListener::bind("127.0.0.1:0")).unwrap();
    let port = listener.local_addr().unwrap().port();
    let url = format!("smtp://127.0.0.1:{port}");
    let settings = [
        ("LOBBY__MAIL__TRANSPORT", "smtp"),
        ("LOBBY__MAIL__SMTP_URL", url.as_str()),
        ("LOBBY__MAIL__FROM", "Lobby <hello@lobby.example>"),
    ];
    lobby_with(&settings, async |lobby| test(lobby, listener, port).await);
}

#[test]
fn who_is_added_is_told_by_mail_and_nobody_else() {
    mailing(async |lobby, listener, _| {
        let sink = SmtpSink::on(listener);
        let owner = lobby.person().await;
        let made = owner.post("/workspaces", json!({ "name": "Acme", "blueprint": "devhub" })).await.expect(201);
        let path = format!("/workspaces/{}", made.id());
        let ada = lobby.sign_up(json!({ "email": "Ada@example.org", "password": PASSWORD })).await;
        let body = json!({ "user_id": ada.user, "role": "customer" });
        owner.post(&format!("{path}/members"), body).await.expect(201);
        eventually("the mail arrives", async || !sink.received().is_empty()).await;

        // Who founds or joins knows; who was suspended again before the mail could go is not told of what they can't see.
        lobby.person().await.act(&format!("{path}/join")).await.expect(201);
        let role = json!({ "role": "developer" });
        owner.put(&format!("{}/role", membership(&made.id(), &ada)), role).await.expect(200);
        lobby.services().settle().await.unwrap();
        let waiting = "SELECT count(*) FROM mail.outbox WHERE told_at IS NULL";
        eventually("every event is told", async || lobby.database.number(waiting).await == 0).await;

        let received = sink.received();
        let [mail] = received.as_slice() else { panic!("more than one mail: {received:?}") };
        assert_eq!(mail.to, ["Ada@example.org"]);
        assert!(mail.text.contains("Subject: You are now a member of acme\n"), "{}", mail.text);
        assert!(mail.text.contains("the role customer"), "{}", mail.text);
        assert!(mail.text.contains("hello@lobby.example"), "{}", mail.text);
    });
}

#[test]
fn a_mail_server_that_is_away_delays_the_mail_and_loses_nothing() {
    mailing(async |lobby, listener, port| {
        drop(listener);
        let (owner, workspace) = lobby.workspace("lobby").await;
        let member = accounts(&lobby.database, 1).await.remove(0);
        let body = json!({ "user_id": member, "role": "user" });
        let path = format!("/workspaces/{workspace}/members");
        owner.post(&path, body).await.expect(201);
        let failed = "SELECT count(*) FROM mail.outbox WHERE attempts > 0 AND told_at IS NULL AND action = 'workspace.member_added'";
        eventually("an attempt failed", async || lobby.database.number(failed).await == 1).await;
        // What else the event means has happened, and what comes after it goes on.
        let other = lobby.person().await;
        owner.post(&path, json!({ "user_id": other.user, "role": "client" })).await.expect(201);
        owner.post(&path, json!({ "user_id": member, "role": "user" })).await.problem(409, "already_member");

        let sink = SmtpSink::on(TcpListener::bind(("127.0.0.1", port)).await.unwrap());
        lobby.clock.advance(chrono::Duration::minutes(10));
        eventually("the mails arrive", async || sink.received().len() >= 2).await;
        let waiting = "SELECT count(*) FROM mail.outbox WHERE told_at IS NULL";
        eventually("every event is told", async || lobby.database.number(waiting).await == 0).await;
        let received = sink.received();
        assert_eq!(received.len(), 2, "each mail once: {received:?}");
        let told = |to: &str| received.iter().any(|mail| mail.to == [to]);
        assert!(told(&format!("{member}@example.org")) && told("person1@example.org"), "{received:?}");
    });
}

#[test]
fn who_was_added_is_told_by_an_instance_too_that_has_not_heard_of_it_yet() {
    mailing(async |lobby, listener, _| {
        let sink = SmtpSink::on(listener);
        let (owner, workspace) = lobby.workspace("lobby").await;
        let member = lobby.person().await;
        assert_eq!(member.get("/workspaces").await.expect(200).json["items"], json!([]));
        // As another instance's commit looks before its notice has arrived.
        let added = format!(
            "SET session_replication_role = replica; \
             INSERT INTO workspace.members (workspace_id, user_id, role_id, status, joined_at, updated_at) \
             SELECT id, '{0}', default_role_id, 'active', now(), now() FROM workspace.workspaces; \
             INSERT INTO workspace.outbox (id, workspace_id, actor_id, action, resource_kind, resource_id, changes, at, \
             next_try_at) VALUES (gen_random_uuid(), '{workspace}', '{1}', 'workspace.member_added', 'member', '{0}', \
             '{{\"user_id\": \"{0}\", \"role\": \"user\"}}', now(), now())",
            member.user, owner.user
        );
        lobby.database.execute(&added).await;
        eventually("the mail arrives", async || !sink.received().is_empty()).await;
    });
}
