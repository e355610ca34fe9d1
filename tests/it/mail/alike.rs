//! Whether an address is anyone's shows in no answer: not in its status, its headers, its body, nor in what it costs.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::{Answer, Client, Lobby, PASSWORD, lobby, lobby_with};

/// What can be seen of an answer and its cost, but for what is different every time.
fn seen(answer: &Answer, statements: &[String]) -> String {
    let told_apart = ["date", "x-request-id", "location", "etag"];
    let headers: BTreeSet<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| !told_apart.contains(&name.as_str()))
        .map(|(name, value)| format!("{name}: {value:?}"))
        .collect();
    let mut body = answer.json.clone();
    for told_apart in ["request_id", "id", "email", "created_at", "expires_at", "sent_at", "updated_at"] {
        if let Some(member) = body.get_mut(told_apart) {
            *member = Value::Null;
        }
    }
    // The names of prepared statements are numbers.
    let words = statements.iter().map(|sql| sql.split_once(": ").map_or(sql.as_str(), |(_, sql)| sql));
    // Who the caller is may have to be read anew, because of what the test did before.
    // And what is given up is rolled back when the connection is used next.
    let words = words.filter(|sql| !sql.starts_with("SELECT m.workspace_id, w.slug") && *sql != "ROLLBACK");
    let words: Vec<&str> = words.collect();
    format!("{} {headers:?} {body} {words:#?}", answer.status)
}

/// Asks the same for several addresses, and expects to see the same.
async fn are_alike(lobby: &Lobby, path: &str, bodies: &[Value]) {
    are_alike_to(lobby, &lobby.anonymous(), path, bodies).await;
}

async fn are_alike_to(lobby: &Lobby, client: &Client, path: &str, bodies: &[Value]) {
    if !lobby.database.is_one_or("what an answer costs is compared by the log of one database") {
        return;
    }
    let mut all = BTreeSet::new();
    for body in bodies {
        let statements = lobby.statements().await;
        let (answer, sent) = statements.during(client.post(path, body.clone())).await;
        // What the request announced is told after its commit, by others.
        let is_end = |sql: &String| sql.ends_with("COMMIT") || sql.ends_with("ROLLBACK");
        let end = sent.iter().position(is_end).map_or(sent.len(), |at| at + 1);
        let own = &sent[..end];
        assert!(!own.is_empty(), "{path} sent nothing");
        all.insert(seen(&answer, own));
    }
    assert_eq!(all.len(), 1, "{path}: {all:#?}");
}

#[test]
fn asking_for_a_new_password_and_guessing_codes() {
    lobby(async |lobby| {
        lobby.sign_up(json!({ "email": "known@example.org", "password": PASSWORD })).await;
        let emails =
            ["known@example.org", "unknown@example.org", "other@example.org"].map(|email| json!({ "email": email }));
        are_alike(lobby, "/auth/password/forgot", &emails).await;
        are_alike(lobby, "/auth/email/resend", &emails).await;
        let guesses = emails.clone().map(|mut body| {
            body["code"] = json!("not it");
            body
        });
        are_alike(lobby, "/auth/password/check", &guesses).await;
        are_alike(lobby, "/auth/email/verify", &guesses).await;
        let resets = guesses.map(|mut body| {
            body["password"] = json!(PASSWORD);
            body
        });
        are_alike(lobby, "/auth/password/reset", &resets).await;
        let logins = emails.map(|mut body| {
            body["password"] = json!("not the password");
            body
        });
        are_alike(lobby, "/auth/login", &logins).await;
    });
}

#[test]
fn signing_up_where_addresses_have_to_be_proven() {
    lobby(async |lobby| {
        lobby.sign_up(json!({ "email": "known@example.org", "password": PASSWORD })).await;
        let variables = [("LOBBY__AUTH__REQUIRE_VERIFIED_EMAIL", "true")];
        let strict = Lobby::on(lobby.database.clone(), &variables).await;
        let bodies =
            ["known@example.org", "unknown@example.org"].map(|email| json!({ "email": email, "password": PASSWORD }));
        are_alike(&strict, "/auth/signup", &bodies).await;
        strict.stop_serving().await;
    });
    // By itself, too: nothing of it rests on what the other instance did.
    lobby_with(&[("LOBBY__AUTH__REQUIRE_VERIFIED_EMAIL", "true")], async |lobby| {
        let bodies =
            ["one@example.org", "two@example.org"].map(|email| json!({ "email": email, "password": PASSWORD }));
        are_alike(lobby, "/auth/signup", &bodies).await;
    });
}

#[test]
fn inviting_an_address() {
    lobby(async |lobby| {
        lobby.sign_up(json!({ "email": "known@example.org", "password": PASSWORD })).await;
        let (owner, workspace) = lobby.workspace("lobby").await;
        // As long as each other: the answer holds them.
        let bodies = ["known@example.org", "never@example.org", "other@example.org"]
            .map(|email| json!({ "email": email, "role": "user" }));
        let path = format!("/workspaces/{workspace}");
        owner.get(&path).await.expect(200);
        are_alike_to(lobby, &owner, &format!("{path}/invitations"), &bodies).await;
        // The same twice, too.
        are_alike_to(lobby, &owner, &format!("{path}/invitations"), &bodies).await;
    });
}
