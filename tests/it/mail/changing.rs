//! Another address for an account, and back.

use futures_util::future::join_all;
use serde_json::json;

use super::{NEXT, all_sent, code, log_in, mailing, person, token, verify};
use crate::{accounts::second_factors, harness::PASSWORD};

const OLD: &str = "old@example.org";
const NEW: &str = "new@example.org";
const CONFIRM: &str = "Confirm your new e-mail address";

#[test]
fn an_address_changes_when_the_next_one_is_proven_and_the_former_can_undo_it() {
    mailing(&[], async |lobby, post| {
        let ada = person(lobby, OLD).await;
        let first = post.first(OLD, "Confirm your e-mail address").await;
        verify(lobby, json!({ "token": token(&first) })).await.expect(204);
        let change = |email: &str, password: &str| json!({ "email": email, "password": password });
        ada.put("/users/me/email", change(NEW, "not it at all")).await.faults(&["/password"]);
        ada.put("/users/me/email", change("Old@example.org", PASSWORD)).await.faults(&["/email"]);
        ada.put("/users/me/email", change(NEW, PASSWORD)).await.expect(202);
        ada.put("/users/me/email", change(NEW, PASSWORD)).await.problem(429, "mailed_recently");
        let mail = post.first(NEW, CONFIRM).await;
        assert_eq!(ada.get("/users/me").await.expect(200).json["email"], OLD);
        verify(lobby, json!({ "email": NEW, "code": code(&mail) })).await.expect(204);
        assert_eq!(ada.get("/users/me").await.expect(200).json["email"], NEW, "and the session is kept");
        log_in(lobby, OLD, PASSWORD).await.problem(401, "invalid_credentials");
        log_in(lobby, NEW, PASSWORD).await.expect(200);

        // Nobody gets between: the former address is kept for its owner.
        let squat = json!({ "email": OLD, "password": PASSWORD });
        lobby.anonymous().post("/auth/signup", squat).await.problem(409, "email_taken");
        let told = post.first(OLD, "Your account has another e-mail address").await;
        let undo = json!({ "token": token(&told) });
        lobby.anonymous().post("/auth/email/undo", undo.clone()).await.expect(204);
        lobby.anonymous().post("/auth/email/undo", undo).await.faults(&["/token"]);
        ada.get("/users/me").await.problem(401, "invalid_token");
        log_in(lobby, OLD, PASSWORD).await.problem(401, "invalid_credentials");
        let mail = post.first(OLD, "Your e-mail address is back").await;
        let body = json!({ "email": OLD, "code": code(&mail), "password": NEXT });
        lobby.anonymous().post("/auth/password/reset", body).await.expect(204);
        log_in(lobby, OLD, NEXT).await.expect(200);
        log_in(lobby, NEW, NEXT).await.problem(401, "invalid_credentials");
    });
}

#[test]
fn to_undo_a_change_ends_the_tokens_and_the_factor_that_a_thief_left() {
    mailing(&[], async |lobby, post| {
        // Whose factor is the owner's, enabled before anybody changed the address, and whose is the thief's.
        for (number, enabled_before) in [false, true].into_iter().enumerate() {
            let (old, new) = (format!("old{number}@example.org"), format!("new{number}@example.org"));
            let ada = person(lobby, &old).await;
            let first = post.first(&old, "Confirm your e-mail address").await;
            verify(lobby, json!({ "token": token(&first) })).await.expect(204);
            if enabled_before {
                second_factors::enable(lobby, &ada).await;
            }
            ada.put("/users/me/email", json!({ "email": new, "password": PASSWORD })).await.expect(202);
            verify(lobby, json!({ "token": token(&post.first(&new, CONFIRM).await) })).await.expect(204);
            if !enabled_before {
                second_factors::enable(lobby, &ada).await;
            }
            let made = json!({ "name": "A way back in", "permissions": {} });
            let made = ada.post("/users/me/tokens", made).await.expect(201);
            let thief = ada.with_token(&made.text("token"));
            thief.get("/users/me").await.expect(200);

            let told = post.first(&old, "Your account has another e-mail address").await;
            lobby.anonymous().post("/auth/email/undo", json!({ "token": token(&told) })).await.expect(204);
            thief.get("/users/me").await.problem(401, "invalid_token");
            let mail = post.first(&old, "Your e-mail address is back").await;
            let body = json!({ "email": old, "code": code(&mail), "password": NEXT });
            lobby.anonymous().post("/auth/password/reset", body).await.expect(204);
            let entered = log_in(lobby, &old, NEXT).await.expect(200);
            assert_eq!(entered.json["mfa_required"] == true, enabled_before, "{}", entered.json);
        }
    });
}

#[test]
fn a_week_later_it_is_too_late_and_the_address_is_free() {
    mailing(&[], async |lobby, post| {
        let ada = person(lobby, OLD).await;
        let first = post.first(OLD, "Confirm your e-mail address").await;
        verify(lobby, json!({ "token": token(&first) })).await.expect(204);
        ada.put("/users/me/email", json!({ "email": NEW, "password": PASSWORD })).await.expect(202);
        verify(lobby, json!({ "token": token(&post.first(NEW, CONFIRM).await) })).await.expect(204);
        let told = post.first(OLD, "Your account has another e-mail address").await;
        lobby.clock.advance(chrono::Duration::days(8));
        lobby.anonymous().post("/auth/email/undo", json!({ "token": token(&told) })).await.faults(&["/token"]);
        person(lobby, OLD).await;
    });
}

#[test]
fn an_address_that_was_never_proven_has_no_say() {
    mailing(&[], async |lobby, post| {
        let ada = person(lobby, OLD).await;
        ada.put("/users/me/email", json!({ "email": NEW, "password": PASSWORD })).await.expect(202);
        verify(lobby, json!({ "token": token(&post.first(NEW, CONFIRM).await) })).await.expect(204);
        all_sent(lobby).await;
        assert!(post.about(OLD, "Your account has another e-mail address").is_empty());
        person(lobby, OLD).await;
    });
}

#[test]
fn of_many_who_want_one_address_at_once_one_gets_it() {
    mailing(&[], async |lobby, post| {
        let mut people = Vec::new();
        for number in 0..4 {
            people.push(person(lobby, &format!("want{number}@example.org")).await);
        }
        // Each asks for it, an hour after the other: there are so many mails an hour to one address.
        let mut tokens = Vec::new();
        for (number, want) in people.iter().enumerate() {
            lobby.clock.advance(chrono::Duration::minutes(2));
            want.put("/users/me/email", json!({ "email": NEW, "password": PASSWORD })).await.expect(202);
            tokens.push(token(&post.nth(number + 1, NEW, CONFIRM).await));
        }
        let answers = join_all(tokens.iter().map(|token| verify(lobby, json!({ "token": token })))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 204).count(), 1);
        for refused in answers.into_iter().filter(|answer| answer.status != 204) {
            refused.problem(409, "email_taken");
        }
        let holders = format!("SELECT count(*) FROM accounts.users WHERE email_key = '{NEW}'");
        assert_eq!(lobby.database.number(&holders).await, 1);
    });
}
