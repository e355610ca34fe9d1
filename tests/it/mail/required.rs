//! Signing up where addresses have to be proven first.

use serde_json::json;

use super::{NEXT, all_sent, code, forgot, log_in, mailing, token, verify};
use crate::harness::{Lobby, PASSWORD};

const ADA: &str = "ada@example.org";
const SUBJECT: &str = "Finish signing up";
const REQUIRED: [(&str, &str); 1] = [("LOBBY__AUTH__REQUIRE_VERIFIED_EMAIL", "true")];

async fn sign_up(lobby: &Lobby, password: &str, username: Option<&str>) {
    let body = json!({ "email": ADA, "password": password, "username": username });
    let answer = lobby.anonymous().post("/auth/signup", body).await.expect(202);
    assert!(answer.json.get("tokens").is_none());
}

#[test]
fn nothing_is_made_before_the_address_is_proven() {
    mailing(&REQUIRED, async |lobby, post| {
        sign_up(lobby, PASSWORD, Some("ada")).await;
        let accounts = "SELECT count(*) FROM accounts.users";
        assert_eq!(lobby.database.number(accounts).await, 0);
        log_in(lobby, ADA, PASSWORD).await.problem(401, "invalid_credentials");
        let mail = post.first(ADA, SUBJECT).await;
        verify(lobby, json!({ "email": ADA, "code": code(&mail) })).await.expect(204);
        verify(lobby, json!({ "token": token(&mail) })).await.faults(&["/token"]);
        let me = lobby.anonymous().sign_in(ADA, PASSWORD).await.get("/users/me").await.expect(200);
        assert_eq!(me.json["username"], "ada");

        // Who has an account is told so, in a mail and nowhere else.
        sign_up(lobby, NEXT, None).await;
        post.first(ADA, "You have an account already").await;
        all_sent(lobby).await;
        assert_eq!(post.about(ADA, SUBJECT).len(), 1);
        log_in(lobby, ADA, NEXT).await.problem(401, "invalid_credentials");
        assert_eq!(lobby.database.number(accounts).await, 1);
    });
}

#[test]
fn a_stranger_who_signs_up_with_the_address_first_or_last_changes_nothing_for_its_owner() {
    mailing(&REQUIRED, async |lobby, post| {
        sign_up(lobby, "the stranger's first", Some("ada")).await;
        post.first(ADA, SUBJECT).await;
        sign_up(lobby, PASSWORD, Some("ada")).await;
        let own = post.nth(2, ADA, SUBJECT).await;
        sign_up(lobby, "the stranger's last", None).await;
        let last = post.nth(3, ADA, SUBJECT).await;
        verify(lobby, json!({ "token": token(&own) })).await.expect(204);
        verify(lobby, json!({ "token": token(&last) })).await.faults(&["/token"]);
        log_in(lobby, ADA, PASSWORD).await.expect(200);
        for strangers in ["the stranger's first", "the stranger's last"] {
            log_in(lobby, ADA, strangers).await.problem(401, "invalid_credentials");
        }
    });
}

#[test]
fn an_account_that_an_administrator_made_signs_in_when_its_address_is_proven() {
    mailing(&REQUIRED, async |lobby, post| {
        let email = "boss@example.org";
        sign_up(lobby, PASSWORD, None).await;
        let mail = post.first(ADA, SUBJECT).await;
        verify(lobby, json!({ "token": token(&mail) })).await.expect(204);
        let owner = lobby.anonymous().sign_in(ADA, PASSWORD).await;
        let workspace = owner.post("/workspaces", json!({ "name": "Acme" })).await.expect(201).id();
        let body = json!({ "workspace": workspace, "email": email, "password": PASSWORD });
        owner.post("/users", body).await.expect(201);
        log_in(lobby, email, NEXT).await.problem(401, "invalid_credentials");
        log_in(lobby, email, PASSWORD).await.problem(403, "email_unverified");
        let mail = post.first(email, "Confirm your e-mail address").await;
        verify(lobby, json!({ "email": email, "code": code(&mail) })).await.expect(204);
        log_in(lobby, email, PASSWORD).await.expect(200);

        // Whoever squats an address loses the account to who reads its mail.
        forgot(lobby, email).await.expect(202);
        let mail = post.first(email, "Choose a new password").await;
        let body = json!({ "token": token(&mail), "password": NEXT });
        lobby.anonymous().post("/auth/password/reset", body).await.expect(204);
        log_in(lobby, email, NEXT).await.expect(200);
    });
}
