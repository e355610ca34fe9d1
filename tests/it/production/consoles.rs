//! Where nothing is configured to send mail and text messages, they go to the console: whole for who develops, and in
//! production without what they say, as a log is kept and read by many.

use serde_json::{Value, json};
use tempfile::TempDir;

use super::eventually;
use crate::harness::{Cluster, PASSWORD, Served, run};

const PHONE: &str = "+41791234567";

/// Signs up and asks for a code by text message; what the program wrote when it has told of both.
async fn said(variables: &[(&str, &str)], told: [&str; 2]) -> String {
    let cluster = Cluster::get().await;
    let (folder, database) = (TempDir::new().unwrap(), cluster.create_whole().await);
    let modules = database.modules();
    let mut variables = variables.to_vec();
    variables.push(("LOBBY__LOG__LEVEL", "info"));
    variables.extend(modules.iter().map(|(name, url)| (name.as_str(), url.as_str())));
    let served = Served::start(folder.path(), Some(&database), &variables).await;
    let (http, api) = (reqwest::Client::new(), format!("{}/api/v1", served.base));
    let account = json!({ "email": "ada@example.org", "password": PASSWORD });
    let answer = http.post(format!("{api}/auth/signup")).json(&account).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    let token: Value = answer.json().await.unwrap();
    let token = token["tokens"]["access_token"].as_str().unwrap();
    let phone = json!({ "phone": PHONE });
    let answer = http.post(format!("{api}/users/me/phone")).bearer_auth(token).json(&phone).send().await.unwrap();
    assert_eq!(answer.status(), 202);
    eventually("both are told of", async || told.iter().all(|told| served.said().contains(told))).await;
    let said = served.said();
    drop(served);
    cluster.remove(&database).await;
    said
}

#[test]
fn who_develops_reads_mail_and_text_messages_in_the_output() {
    run(async {
        let said = said(&[], ["ada@example.org", "Text message to"]).await;
        assert!(said.contains(PHONE), "{said}");
    });
}

#[test]
fn in_production_the_output_says_that_there_was_a_message_and_not_what() {
    let production = [("LOBBY__PROFILE", "production"), ("LOBBY__SERVER__PUBLIC_URL", "https://lobby.example.org")];
    run(async {
        let told = ["a mail is sent to nobody", "a text message is sent to nobody"];
        let said = said(&production, told).await;
        for private in ["ada@example.org", PHONE, "Text message", "https://lobby.example.org"] {
            assert!(!said.contains(private), "{private}: {said}");
        }
    });
}
