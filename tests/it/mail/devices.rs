//! Who signs in from elsewhere is told to the owner, and nobody else.

use reqwest::{Method, header::USER_AGENT};
use serde_json::json;

use super::{all_sent, mailing, person};
use crate::harness::{Lobby, PASSWORD};

const ADA: &str = "ada@example.org";
const SUBJECT: &str = "Someone signed in to your account";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const NEXT_FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0";

async fn sign_in_with(lobby: &Lobby, agent: &str) {
    let client = lobby.anonymous();
    let request = client.request(Method::POST, "/auth/login").header(USER_AGENT, agent);
    client.send(request.json(&json!({ "email": ADA, "password": PASSWORD }))).await.expect(200);
}

#[test]
fn a_sign_in_from_elsewhere_is_told_once_and_the_first_of_all_is_not() {
    mailing(&[], async |lobby, post| {
        person(lobby, ADA).await;
        lobby.anonymous().sign_in(ADA, PASSWORD).await;
        all_sent(lobby).await;
        assert!(post.about(ADA, SUBJECT).is_empty());

        sign_in_with(lobby, FIREFOX).await;
        let mail = post.first(ADA, SUBJECT).await;
        let text = mail["text"].as_str().unwrap();
        assert!(text.contains("Firefox on Linux, from the address 127.0.0.1"), "{text}");
        for agent in [FIREFOX, NEXT_FIREFOX] {
            sign_in_with(lobby, agent).await;
        }
        all_sent(lobby).await;
        assert_eq!(post.about(ADA, SUBJECT).len(), 1, "a new version is no new device");
        sign_in_with(lobby, "curl/8.0 <script>").await;
        let mail = post.nth(2, ADA, SUBJECT).await;
        assert!(!mail["html"].as_str().unwrap().contains("<script"));
    });
}
