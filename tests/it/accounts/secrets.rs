//! What must stay secret: no answer, event or row gives it away.

use serde_json::json;

use super::made;
use crate::harness::{Answer, Client, PASSWORD, lobby};

const NEXT: &str = "another-fine-password-77";

/// The text of an answer, head and body.
fn text(answer: &Answer) -> String {
    format!("{:?} {}", answer.headers, String::from_utf8_lossy(&answer.bytes))
}

/// The secrets of a client's tokens: the whole tokens.
fn tokens(client: &Client) -> [String; 2] {
    [client.token.clone().unwrap(), client.refresh.clone().unwrap()]
}

#[test]
fn no_answer_repeats_a_password_or_shows_a_hash_and_only_their_own_answers_show_tokens() {
    lobby(async |lobby| {
        let anonymous = lobby.anonymous();
        let workspace_body = json!({ "name": "Secrets", "blueprint": "crafo", "slug": "secrets" });
        let signed_up = json!({ "email": "ada@example.org", "password": PASSWORD });
        let first = anonymous.post("/auth/signup", signed_up.clone()).await.expect(201);
        let owner = anonymous.holding(&first.json["tokens"]);
        owner.post("/workspaces", workspace_body).await.expect(201);
        let login = anonymous.post("/auth/login", signed_up.clone()).await.expect(200);
        let second = anonymous.holding(&login.json);
        let refreshed = anonymous.post("/auth/refresh", json!({ "refresh_token": second.refresh })).await.expect(200);
        let third = anonymous.holding(&refreshed.json);

        let with_tokens = [&first, &login, &refreshed];
        let made = made(&owner, "secrets", "bob@example.org", "assistant").await;
        let bob = format!("/users/{}", made.id());
        let wrong = json!({ "email": "ada@example.org", "password": NEXT });
        let odd = json!({ "email": "ada@example.org", "password": PASSWORD, "more": PASSWORD });
        let number = json!({ "email": 7, "password": [PASSWORD] });
        let without = [
            made,
            anonymous.post("/auth/signup", signed_up).await,
            anonymous.post("/auth/login", wrong).await,
            anonymous.post("/auth/login", odd.clone()).await,
            anonymous.post("/auth/signup", odd).await,
            anonymous.post("/auth/login", number).await,
            anonymous
                .post("/auth/refresh", json!({ "refresh_token": format!("{}x", third.refresh.as_ref().unwrap()) }))
                .await,
            owner.get("/users").await,
            owner.get(&bob).await,
            owner.get("/users/me").await,
            owner.get("/auth/sessions").await,
            owner.get("/workspaces/secrets/members").await,
            owner.patch(&bob, json!({ "first_name": "Bob", "password": NEXT })).await,
            owner.patch(&bob, json!({ "first_name": "Bob" })).await,
            owner.put("/users/me/password", json!({ "current_password": NEXT, "new_password": PASSWORD })).await,
            owner.put("/users/me/password", json!({ "current_password": PASSWORD, "new_password": NEXT })).await,
        ];
        let secrets: Vec<String> = [&owner, &second, &third].into_iter().flat_map(tokens).collect();
        for answer in with_tokens.into_iter().chain(&without) {
            let text = text(answer);
            for hidden in [PASSWORD, NEXT, "password_hash", "$argon2", "token_hash"] {
                assert!(!text.contains(hidden), "{} shows {hidden}: {text}", answer.asked);
            }
        }
        for answer in &without {
            let text = text(answer);
            assert!(!secrets.iter().any(|secret| text.contains(secret)), "{} shows a token", answer.asked);
            assert!(!text.contains("access_token"), "{}", answer.asked);
        }
    });
}

#[test]
fn no_event_or_row_holds_a_password_or_a_token() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        let body = json!({ "workspace": workspace, "email": "bob@example.org", "password": PASSWORD });
        let bob = owner.post_once("/users", "key-1", &body).await.expect(201).id();
        let second = owner.sign_in("bob@example.org", PASSWORD).await;
        let refreshed = owner.post("/auth/refresh", json!({ "refresh_token": second.refresh })).await.expect(200);
        let third = owner.holding(&refreshed.json);
        third
            .put("/users/me/password", json!({ "current_password": PASSWORD, "new_password": NEXT }))
            .await
            .expect(204);
        owner.patch(&format!("/users/{bob}"), json!({ "first_name": "Bob", "status": "disabled" })).await.expect(200);
        owner.delete(&format!("/users/{bob}")).await.expect(204);
        owner.act("/auth/logout").await.expect(204);

        let events = lobby.database.number("SELECT count(*) FROM accounts.outbox").await;
        assert!(events > 8, "there is nothing to look at");
        let mut hidden: Vec<String> = [&owner, &second, &third].into_iter().flat_map(tokens).collect();
        hidden.extend([PASSWORD.to_owned(), NEXT.to_owned()]);
        for table in ["outbox", "idempotency", "users", "sessions", "refresh_tokens", "profiles"] {
            for secret in &hidden {
                let sql = format!("SELECT count(*) FROM accounts.{table} t WHERE strpos(t::text, '{secret}') > 0");
                assert_eq!(lobby.database.number(&sql).await, 0, "accounts.{table} holds a secret");
            }
        }
        for table in ["accounts.outbox", "workspace.outbox", "accounts.idempotency"] {
            let sql = format!("SELECT count(*) FROM {table} t WHERE t::text ~ 'argon2|password_hash|token_hash'");
            assert_eq!(lobby.database.number(&sql).await, 0, "{table} holds a hash");
        }
    });
}

#[test]
fn a_stored_reply_can_not_be_used_to_guess_the_password_that_was_sent() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        let body = json!({ "workspace": workspace, "email": "bob@example.org", "password": PASSWORD });
        owner.post_once("/users", "key-1", &body).await.expect(201);
        let sent = body.to_string();
        let sql = format!("SELECT count(*) FROM accounts.idempotency WHERE body_hash = sha256('{sent}'::bytea)");
        assert_eq!(lobby.database.number(&sql).await, 0, "a fast hash of a body with a password is kept");
        assert_eq!(lobby.database.number("SELECT count(*) FROM accounts.idempotency").await, 1);
    });
}
