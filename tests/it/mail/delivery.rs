//! Mail servers that are away, slow, choosy or strict: nothing is lost, and nobody waits.

use serde_json::json;
use tokio::net::TcpListener;

use super::{PostOffice, all_sent, eventually, free_port, person};
use crate::harness::{Lobby, PASSWORD, lobby_with};

const SUBJECT: &str = "Confirm your e-mail address";
const WAITING: &str = "SELECT count(*) FROM mail.outbox WHERE told_at IS NULL";

fn through(url: &str, more: &[(&str, &str)], test: impl AsyncFnOnce(&Lobby)) {
    let mut settings = vec![("LOBBY__MAIL__TRANSPORT", "smtp"), ("LOBBY__MAIL__SMTP_URL", url)];
    settings.extend(more);
    lobby_with(&settings, test);
}

#[test]
fn what_is_due_while_the_server_is_away_arrives_once_when_it_is_back() {
    let port = free_port();
    through(&format!("smtp://127.0.0.1:{port}"), &[], async |lobby| {
        let people = ["one@example.org", "two@example.org", "three@example.org"];
        for email in people {
            person(lobby, email).await;
        }
        let failed = "SELECT count(*) FROM mail.outbox WHERE attempts > 0 AND told_at IS NULL";
        eventually("every mail failed", async || lobby.database.number(failed).await == 3).await;
        let told = "SELECT count(*) FROM accounts.outbox WHERE told_at IS NULL";
        eventually("the events were told all the same", async || lobby.database.number(told).await == 0).await;

        let post = PostOffice::open(port, &[]).await;
        lobby.clock.advance(chrono::Duration::minutes(5));
        all_sent(lobby).await;
        lobby.services().settle().await.unwrap();
        for email in people {
            let mails = post.about(email, SUBJECT);
            assert_eq!(mails.len(), 1, "{email}: {mails:?}");
            let headers = mails[0]["headers"].to_string();
            assert!(headers.contains("auto-generated") && headers.contains("Message-ID"), "{headers}");
        }
    });
}

#[test]
fn a_server_that_never_answers_keeps_no_request_waiting() {
    let listener = crate::harness::run(TcpListener::bind("127.0.0.1:0")).unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    through(&url, &[], async |lobby| {
        let (_, workspace) = lobby.workspace("devhub").await;
        // A connection is open, and says nothing.
        let (_silent, _) = listener.accept().await.unwrap();
        let body = json!({ "email": "new@example.org", "password": PASSWORD, "workspace": workspace });
        let new = lobby.sign_up(body).await;
        // Its membership rode on an event, and is there, while the first mail is still on its way.
        assert_eq!(new.get("/workspaces").await.expect(200).items().len(), 1);
        let tried = "SELECT count(*) FROM mail.outbox WHERE attempts > 0 OR told_at IS NOT NULL";
        assert_eq!(lobby.database.number(tried).await, 0);
    });
}

#[test]
fn a_recipient_who_is_refused_holds_nobody_up_and_is_given_up_after_five_times() {
    let port = free_port();
    through(&format!("smtp://127.0.0.1:{port}"), &[], async |lobby| {
        let post = PostOffice::open(port, &["--refuse", "poison@example.org"]).await;
        person(lobby, "poison@example.org").await;
        person(lobby, "good@example.org").await;
        post.first("good@example.org", SUBJECT).await;
        assert!(lobby.database.number(WAITING).await >= 1, "it is tried again");
        for _ in 0..200 {
            lobby.clock.advance(chrono::Duration::hours(2));
            lobby.services().settle().await.unwrap();
            if lobby.database.number(WAITING).await == 0 {
                break;
            }
        }
        assert_eq!(lobby.database.number(WAITING).await, 0);
        // What asks for proof is good for a day only; whatever comes first ends it.
        assert!((1..=5).contains(&post.refusals("poison@example.org")), "{}", post.refusals("poison@example.org"));
    });
}

#[test]
fn mail_goes_encrypted_and_signed_in_where_the_server_asks_for_it() {
    // For localhost, signed by itself, and good for nothing but this.
    let certificate = concat!(env!("CARGO_MANIFEST_DIR"), "/it/mail/localhost.pem");
    let key = concat!(env!("CARGO_MANIFEST_DIR"), "/it/mail/localhost.key");
    let (right, wrong) = (free_port(), free_port());
    let served = ["--certificate", certificate, "--key", key, "--user", "lobby", "--password", "s3cret word"];
    let trusted = [("LOBBY__MAIL__SMTP_CA", certificate)];
    let url = format!("smtp://lobby:s3cret%20word@localhost:{right}?tls=required");
    through(&url, &trusted, async |lobby| {
        let post = PostOffice::open(right, &served).await;
        person(lobby, "ada@example.org").await;
        let mail = post.first("ada@example.org", SUBJECT).await;
        assert_eq!((&mail["encrypted"], &mail["user"]), (&json!(true), &json!("lobby")));
    });
    // Whoever isn't trusted gets neither mail nor password, and the mail waits.
    for (url, variables) in [
        (format!("smtp://lobby:s3cret%20word@localhost:{wrong}?tls=required"), [].as_slice()),
        (format!("smtp://lobby:other@localhost:{wrong}?tls=required"), trusted.as_slice()),
    ] {
        through(&url, variables, async |lobby| {
            let post = PostOffice::open(wrong, &served).await;
            person(lobby, "ada@example.org").await;
            let failed = "SELECT count(*) FROM mail.outbox WHERE attempts > 0 AND told_at IS NULL";
            eventually(&format!("it failed by {url}"), async || lobby.database.number(failed).await == 1).await;
            assert!(post.mails().is_empty());
        });
    }
}

#[test]
fn whoever_s_time_in_a_workspace_is_over_gets_no_mail_about_it() {
    let port = free_port();
    through(&format!("smtp://127.0.0.1:{port}"), &[], async |lobby| {
        let post = PostOffice::open(port, &[]).await;
        let (admin, workspace) = lobby.workspace("crafo").await;
        let member = lobby.member(&admin, &workspace, "assistant").await;
        let place = format!("/workspaces/{workspace}");
        let slug = admin.get(&place).await.expect(200).text("slug");
        let begins = lobby.clock.now() + chrono::Duration::days(1);
        let body = json!({
            "workspace": workspace, "title": "Bookbinding", "starts_at": begins, "timezone": "Europe/Berlin",
            "ends_at": begins + chrono::Duration::hours(8), "status": "published",
        });
        let workshop = admin.post("/workshops", body).await.expect(201).id();
        member.act(&format!("/workshops/{workshop}/attendees")).await.expect(201);
        let message = json!({ "title": "Your bank: confirm your account", "body": "Up the stairs" });
        admin.post(&format!("/notifications/workshops/{workshop}"), message).await.expect(202);
        let begun = |subject: &str| subject.starts_with(&format!("News from {slug}: "));
        let news = || post.mails().iter().filter(|mail| begun(mail["subject"].as_str().unwrap())).count();
        eventually("they were mailed", async || news() == 1).await;

        let end = lobby.clock.now() + chrono::Duration::minutes(5);
        admin.patch(&format!("{place}/members/{}", member.user), json!({ "expires_at": end })).await.expect(200);
        lobby.clock.advance(chrono::Duration::minutes(6));
        lobby.services().settle().await.unwrap();
        // The mail was on its way for long.
        let late = "UPDATE mail.outbox SET told_at = NULL WHERE action = 'notification.created'";
        lobby.database.execute(late).await;
        lobby.services().settle().await.unwrap();
        all_sent(lobby).await;
        assert_eq!(news(), 1);
    });
}
