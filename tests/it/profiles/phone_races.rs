//! Phone codes under many requests at once: every count is exact.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{PHONE, another, on_both};
use crate::harness::Client;

const MANY: usize = 50;

/// The statuses of many requests at the same time.
async fn statuses(client: &Client, path: &str, body: &Value) -> Vec<u16> {
    let answers = join_all((0..MANY).map(|_| client.post(path, body.clone()))).await;
    answers.iter().map(|answer| answer.status.as_u16()).collect()
}

fn count(statuses: &[u16], status: u16) -> usize {
    statuses.iter().filter(|got| **got == status).count()
}

#[test]
fn of_many_wrong_tries_exactly_five_are_examined() {
    on_both(async |lobby, messages| {
        let ada = lobby.person().await;
        ada.post("/users/me/phone", json!({ "phone": PHONE })).await.expect(202);
        let code = messages.last_code(lobby, PHONE).await;
        let got = statuses(&ada, "/users/me/phone/verify", &json!({ "code": another(&code) })).await;
        assert_eq!((count(&got, 422), count(&got, 409)), (5, MANY - 5), "{got:?}");
        ada.post("/users/me/phone/verify", json!({ "code": code })).await.problem(409, "no_code");
    });
}

#[test]
fn of_many_requests_exactly_one_sends_a_code() {
    on_both(async |lobby, messages| {
        let ada = lobby.person().await;
        let got = statuses(&ada, "/users/me/phone", &json!({ "phone": PHONE })).await;
        assert_eq!((count(&got, 202), count(&got, 429)), (1, MANY - 1), "{got:?}");
        assert_eq!(messages.all(lobby).await.len(), 1);
    });
}

#[test]
fn of_many_right_answers_exactly_one_is_taken() {
    on_both(async |lobby, messages| {
        let ada = lobby.person().await;
        ada.post("/users/me/phone", json!({ "phone": PHONE })).await.expect(202);
        let code = messages.last_code(lobby, PHONE).await;
        let got = statuses(&ada, "/users/me/phone/verify", &json!({ "code": code })).await;
        assert_eq!((count(&got, 200), count(&got, 409)), (1, MANY - 1), "{got:?}");
    });
}
