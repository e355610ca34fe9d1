//! Forgotten passwords: what the code and the link do, how often, and how long.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{NEXT, all_sent, code, forgot, log_in, mailing, not, person, token};
use crate::harness::PASSWORD;

const ADA: &str = "Ada@example.org";
const SUBJECT: &str = "Choose a new password";

#[test]
fn the_code_or_the_link_chooses_a_new_password_once_and_everyone_is_out() {
    mailing(&[], async |lobby, post| {
        let ada = person(lobby, ADA).await;
        let anonymous = lobby.anonymous();
        forgot(lobby, " ada@EXAMPLE.org").await.expect(202);
        let mail = post.first(ADA, SUBJECT).await;
        assert!(mail["html"].as_str().unwrap().contains(&code(&mail)));
        assert!(mail["text"].as_str().unwrap().contains("https://lobby.example/reset-password#token="), "{mail}");

        let right = json!({ "email": "ADA@example.org", "code": code(&mail) });
        let wrong = json!({ "email": ADA, "code": not(&code(&mail)) });
        anonymous.post("/auth/password/check", wrong).await.problem(422, "validation_failed");
        // Looking uses nothing up, however often.
        for _ in 0..6 {
            anonymous.post("/auth/password/check", right.clone()).await.expect(200);
        }
        anonymous.post("/auth/password/check", json!({ "token": token(&mail) })).await.expect(200);
        let reset = |password: &str| json!({ "email": ADA, "code": code(&mail), "password": password });
        // Neither does a password that will not do.
        for weak in ["short", "password1", "ada"] {
            anonymous.post("/auth/password/reset", reset(weak)).await.faults(&["/password"]);
        }
        anonymous.post("/auth/password/reset", reset(NEXT)).await.expect(204);
        ada.get("/users/me").await.problem(401, "invalid_token");
        log_in(lobby, ADA, PASSWORD).await.problem(401, "invalid_credentials");
        let ada = ada.sign_in(ADA, NEXT).await;
        assert!(ada.get("/users/me").await.expect(200).json["email_verified_at"].is_string());
        anonymous.post("/auth/password/reset", reset(PASSWORD)).await.faults(&["/code"]);
        let linked = json!({ "token": token(&mail), "password": PASSWORD });
        anonymous.post("/auth/password/reset", linked).await.faults(&["/token"]);
        post.first(ADA, "Your password was changed").await;

        lobby.clock.advance(chrono::Duration::minutes(2));
        forgot(lobby, ADA).await.expect(202);
        let linked = json!({ "token": token(&post.nth(2, ADA, SUBJECT).await), "password": PASSWORD });
        anonymous.post("/auth/password/reset", linked).await.expect(204);
        log_in(lobby, ADA, PASSWORD).await.expect(200);
    });
}

#[test]
fn of_fifty_wrong_guesses_at_once_five_are_examined_and_the_link_stays_good() {
    mailing(&[], async |lobby, post| {
        person(lobby, ADA).await;
        forgot(lobby, ADA).await.expect(202);
        let mail = post.first(ADA, SUBJECT).await;
        let anonymous = lobby.anonymous();
        let guess = json!({ "email": ADA, "code": not(&code(&mail)), "password": NEXT });
        let guesses = join_all((0..50).map(|_| anonymous.post("/auth/password/reset", guess.clone()))).await;
        for refused in guesses {
            match refused.status.as_u16() {
                // So many at once look like somebody who guesses.
                429 => drop(refused.problem(429, "slow_down")),
                _ => drop(refused.faults(&["/code"])),
            }
        }
        let tries = "SELECT sum(tries)::bigint FROM accounts.proofs WHERE purpose = 'password_reset'";
        assert_eq!(lobby.database.number(tries).await, 5);
        // Once the brake forgives, the guesses stay spent; by the link nothing ever stood in the way.
        lobby.database.execute("DELETE FROM accounts.brake_buckets").await;
        let right = json!({ "email": ADA, "code": code(&mail), "password": NEXT });
        anonymous.post("/auth/password/reset", right).await.faults(&["/code"]);
        let linked = json!({ "token": token(&mail), "password": NEXT });
        anonymous.post("/auth/password/reset", linked).await.expect(204);
        log_in(lobby, ADA, NEXT).await.expect(200);
    });
}

#[test]
fn of_fifty_right_codes_at_once_one_chooses_the_password() {
    mailing(&[("LOBBY__AUTH__HASH_QUEUE", "100")], async |lobby, post| {
        person(lobby, ADA).await;
        forgot(lobby, ADA).await.expect(202);
        let mail = post.first(ADA, SUBJECT).await;
        let anonymous = lobby.anonymous();
        let tries = (0..50).map(|number| {
            let password = format!("{NEXT}-{number}");
            let body = if number % 2 == 0 {
                json!({ "email": ADA, "code": code(&mail), "password": password })
            } else {
                json!({ "token": token(&mail), "password": password })
            };
            anonymous.post("/auth/password/reset", body)
        });
        let answers = join_all(tries).await;
        let won: Vec<usize> = (0..50).filter(|number| answers[*number].status == 204).collect();
        let [won] = won.as_slice() else { panic!("{} resets", won.len()) };
        // Whoever signed in with the former password is a stranger now.
        for known in ["devices", "familiar_networks"] {
            assert_eq!(lobby.database.number(&format!("SELECT count(*) FROM accounts.{known}")).await, 0, "{known}");
        }
        log_in(lobby, ADA, &format!("{NEXT}-{won}")).await.expect(200);
        let told = "SELECT count(*) FROM accounts.outbox WHERE action = 'accounts.password_changed'";
        assert_eq!(lobby.database.number(told).await, 1);
    });
}

#[test]
fn code_and_link_are_good_for_a_quarter_of_an_hour() {
    mailing(&[], async |lobby, post| {
        person(lobby, ADA).await;
        forgot(lobby, ADA).await.expect(202);
        let mail = post.first(ADA, SUBJECT).await;
        let anonymous = lobby.anonymous();
        let by_code = json!({ "email": ADA, "code": code(&mail) });
        let by_token = json!({ "token": token(&mail) });
        lobby.clock.advance(chrono::Duration::minutes(14));
        anonymous.post("/auth/password/check", by_code.clone()).await.expect(200);
        lobby.clock.advance(chrono::Duration::minutes(2));
        anonymous.post("/auth/password/check", by_code).await.faults(&["/code"]);
        anonymous.post("/auth/password/check", by_token).await.faults(&["/token"]);
    });
}

#[test]
fn there_is_a_mail_a_minute_and_five_an_hour_however_many_ask_at_once() {
    mailing(&[], async |lobby, post| {
        person(lobby, ADA).await;
        for answer in join_all((0..12).map(|_| forgot(lobby, ADA))).await {
            answer.expect(202);
        }
        all_sent(lobby).await;
        assert_eq!(post.about(ADA, SUBJECT).len(), 1);
        for _ in 0..8 {
            lobby.clock.advance(chrono::Duration::seconds(61));
            forgot(lobby, ADA).await.expect(202);
        }
        all_sent(lobby).await;
        assert_eq!(post.about(ADA, SUBJECT).len(), 5);
        lobby.clock.advance(chrono::Duration::hours(1));
        forgot(lobby, ADA).await.expect(202);
        post.nth(6, ADA, SUBJECT).await;
    });
}

#[test]
fn nobody_else_and_nobody_disabled_gets_mail_and_no_event_holds_a_secret() {
    mailing(&[], async |lobby, post| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        let body = json!({ "workspace": workspace, "email": "off@example.org", "password": PASSWORD });
        let id = owner.post("/users", body).await.expect(201).id();
        owner.patch(&format!("/users/{id}"), json!({ "status": "disabled" })).await.expect(200);
        person(lobby, ADA).await;
        for email in ["off@example.org", "unknown@example.org", ADA] {
            forgot(lobby, email).await.expect(202);
        }
        let mail = post.first(ADA, SUBJECT).await;
        all_sent(lobby).await;
        let asked: Vec<Value> = post.mails().into_iter().filter(|mail| mail["subject"] == SUBJECT).collect();
        assert_eq!(asked.len(), 1, "{asked:?}");
        for secret in [code(&mail), token(&mail)] {
            for table in ["accounts.outbox", "mail.outbox", "accounts.proofs"] {
                let kept = format!("SELECT count(*) FROM {table} row WHERE row::text LIKE '%{secret}%'");
                assert_eq!(lobby.database.number(&kept).await, 0, "{table} holds it");
            }
        }
    });
}

#[test]
fn what_the_body_lacks_is_pointed_at() {
    mailing(&[], async |lobby, _| {
        let anonymous = lobby.anonymous();
        forgot(lobby, "ada").await.faults(&["/email"]);
        anonymous.post("/auth/password/check", json!({ "email": ADA })).await.faults(&["/code"]);
        anonymous.post("/auth/password/check", json!({ "code": "123456" })).await.faults(&["/email"]);
        anonymous.post("/auth/password/check", json!({})).await.faults(&[""]);
        let both = json!({ "token": "x", "email": ADA, "code": "1", "password": NEXT });
        anonymous.post("/auth/password/reset", both).await.faults(&[""]);
        anonymous.post("/auth/password/reset", json!({ "token": "x" })).await.faults(&["/password"]);
        for rubbish in ["", "x", &"A".repeat(64)] {
            anonymous.post("/auth/password/check", json!({ "token": rubbish })).await.faults(&["/token"]);
            anonymous.post("/auth/email/verify", json!({ "token": rubbish })).await.faults(&["/token"]);
            anonymous.post("/auth/email/undo", json!({ "token": rubbish })).await.faults(&["/token"]);
        }
    });
}
