//! Signing up: what it takes, what it gives, what is refused.

use futures_util::future::join_all;
use serde_json::json;

use super::accounts;
use crate::harness::{PASSWORD, lobby};

#[test]
fn signing_up_makes_an_account_and_signs_its_owner_in() {
    lobby(async |lobby| {
        let anonymous = lobby.anonymous();
        let body = json!({
            "email": " Ada@Example.org ", "password": PASSWORD, "username": "Ada.L", "first_name": "Ada",
            "last_name": " Lovelace ",
        });
        let answer = anonymous.post("/auth/signup", body).await.expect(201);
        let user = &answer.json["user"];
        assert_eq!(user["email"], "Ada@Example.org");
        assert_eq!(user["username"], "ada.l");
        assert_eq!(user["last_name"], "Lovelace");
        assert_eq!(user["status"], "active");
        assert!(user["created_via"].is_null());
        assert_eq!(answer.header("cache-control"), "no-store");

        let id = user["id"].as_str().unwrap();
        assert_eq!(answer.header("location"), format!("/api/v1/users/{id}"));
        let me = anonymous.holding(&answer.json["tokens"]).get("/users/me").await.expect(200);
        assert_eq!(&me.json, user);
        assert_eq!(me.header("etag"), answer.header("etag"));
        let profiles = format!("SELECT count(*) FROM accounts.profiles WHERE user_id = '{id}'");
        assert_eq!(lobby.database.number(&profiles).await, 1);
        assert_eq!(super::seats(lobby, id).await, 0);
    });
}

#[test]
fn an_email_or_username_is_taken_in_every_case() {
    lobby(async |lobby| {
        let anonymous = lobby.anonymous();
        lobby.sign_up(json!({ "email": "ada@example.org", "password": PASSWORD, "username": "ada" })).await;
        let email = json!({ "email": "ADA@Example.ORG", "password": PASSWORD });
        anonymous.post("/auth/signup", email).await.problem(409, "email_taken");
        let username = json!({ "email": "other@example.org", "password": PASSWORD, "username": "ADA" });
        anonymous.post("/auth/signup", username).await.problem(409, "username_taken");
        assert_eq!(accounts(lobby).await, 1);
    });
}

#[test]
fn of_many_who_want_one_email_at_once_one_gets_it() {
    lobby(async |lobby| {
        let anonymous = lobby.anonymous();
        let tries = (0..8).map(|number| {
            let email = if number % 2 == 0 { "same@example.org" } else { "Same@Example.org" };
            anonymous.post("/auth/signup", json!({ "email": email, "password": PASSWORD }))
        });
        let answers = join_all(tries).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
        for refused in answers.into_iter().filter(|answer| answer.status != 201) {
            refused.problem(409, "email_taken");
        }
        assert_eq!(accounts(lobby).await, 1);
    });
}

#[test]
fn a_password_that_will_not_do_is_refused_with_its_reason() {
    lobby(async |lobby| {
        let anonymous = lobby.anonymous();
        let (short, long) = ("seven77", "long enough ".repeat(11));
        let refused = [
            (short, "length"),
            (long.as_str(), "length"),
            ("PassWord1", "password_common"),
            ("zzzzzzzzzz", "password_common"),
            ("Ada.Lovelace@Example.org", "password_personal"),
            ("ada.lovelace", "password_personal"),
            ("the-Countess", "password_personal"),
        ];
        for (password, code) in refused {
            let body = json!({ "email": "ada.lovelace@example.org", "username": "the-countess", "password": password });
            let answer = anonymous.post("/auth/signup", body).await.faults(&["/password"]);
            assert_eq!(answer.json["errors"][0]["code"], code, "{password}");
            assert!(!answer.json.to_string().contains(password), "the refusal repeats the password");
        }
        assert_eq!(accounts(lobby).await, 0);
        for (name, password) in [("least", "eight ch".to_owned()), ("most", "12345 68".repeat(16))] {
            lobby.sign_up(json!({ "email": format!("{name}@example.org"), "password": password })).await;
        }
    });
}

#[test]
fn what_the_body_must_not_have_or_lacks_is_pointed_at() {
    lobby(async |lobby| {
        let anonymous = lobby.anonymous();
        for (field, value) in [("status", json!("active")), ("created_via", json!(null)), ("is_admin", json!(true))] {
            let mut body = json!({ "email": "ada@example.org", "password": PASSWORD });
            body[field] = value;
            let answer = anonymous.post("/auth/signup", body).await.faults(&[&format!("/{field}")]);
            assert_eq!(answer.json["errors"][0]["code"], "unknown_field");
        }
        anonymous.post("/auth/signup", json!({ "email": "ada@example.org" })).await.faults(&["/password"]);
        anonymous.post("/auth/signup", json!({ "password": PASSWORD })).await.faults(&["/email"]);
        anonymous.post("/auth/signup", json!({ "email": "ada", "password": PASSWORD })).await.faults(&["/email"]);
        let body = json!({ "email": "ada@example.org", "password": PASSWORD, "username": "a b", "first_name": " " });
        let answer = anonymous.post("/auth/signup", body).await.expect(422);
        let mut named: Vec<_> =
            answer.json["errors"].as_array().unwrap().iter().map(|fault| &fault["pointer"]).collect();
        named.sort_by_key(|pointer| pointer.as_str());
        assert_eq!(named, ["/first_name", "/username"]);
        assert_eq!(accounts(lobby).await, 0);
    });
}
