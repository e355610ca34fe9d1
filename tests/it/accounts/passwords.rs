//! Changing one's own password.

use serde_json::json;

use super::{is_in, is_out};
use crate::harness::{PASSWORD, lobby};

const NEXT: &str = "another-fine-password-77";

#[test]
fn a_change_of_password_ends_the_other_sessions_and_keeps_this_one() {
    lobby(async |lobby| {
        let person = lobby.person().await;
        let elsewhere = person.sign_in("person0@example.org", PASSWORD).await;
        let body = json!({ "current_password": PASSWORD, "new_password": NEXT });
        person.put("/users/me/password", body).await.expect(204);
        is_out(&elsewhere).await;
        is_in(&person).await;
        person.post("/auth/refresh", json!({ "refresh_token": person.refresh })).await.expect(200);

        let former = json!({ "email": "person0@example.org", "password": PASSWORD });
        person.signed_out().post("/auth/login", former).await.problem(401, "invalid_credentials");
        is_in(&person.sign_in("person0@example.org", NEXT).await).await;
    });
}

#[test]
fn a_password_is_changed_only_by_who_knows_it_and_to_one_that_will_do() {
    lobby(async |lobby| {
        let person = lobby.person().await;
        let elsewhere = person.sign_in("person0@example.org", PASSWORD).await;
        let change = async |current: &str, new: &str| {
            let body = json!({ "current_password": current, "new_password": new });
            person.put("/users/me/password", body).await
        };
        change("a wrong guess", NEXT).await.faults(&["/current_password"]);
        change(PASSWORD, "short").await.faults(&["/new_password"]);
        change(PASSWORD, "password1").await.faults(&["/new_password"]);
        change(PASSWORD, "Person0@example.org").await.faults(&["/new_password"]);
        person.put("/users/me/password", json!({ "new_password": NEXT })).await.faults(&["/current_password"]);
        is_in(&elsewhere).await;
        is_in(&person.sign_in("person0@example.org", PASSWORD).await).await;
    });
}

#[test]
fn a_change_made_for_a_version_that_is_gone_does_nothing() {
    lobby(async |lobby| {
        let person = lobby.person().await;
        let stale = person.get("/users/me").await.expect(200).header("etag").to_owned();
        person.patch("/users/me", json!({ "first_name": "Ada" })).await.expect(200);
        let body = json!({ "current_password": PASSWORD, "new_password": NEXT });
        let request = person.request(reqwest::Method::PUT, "/users/me/password").header("If-Match", stale).json(&body);
        person.send(request).await.problem(412, "precondition_failed");
        is_in(&person.sign_in("person0@example.org", PASSWORD).await).await;
    });
}
