//! The program is killed in the middle of uploads: no image is left without its objects, and nothing that the sweep
//! doesn't find.

use std::time::Duration;

use futures_util::future::join_all;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::files;
use crate::harness::{Cluster, PASSWORD, Served, lobby_command, picture, run};

const SECRET: &str = "a secret that outlives the killed";

async fn post(base: &str, token: &str, path: &str, body: Value) -> Value {
    let request = reqwest::Client::new().post(format!("{base}/api/v1{path}")).json(&body);
    request.bearer_auth(token).send().await.unwrap().json().await.unwrap()
}

/// Uploads until the server is gone; answers the ids that it acknowledged.
async fn upload(base: &str, token: &str, workspace: &str, seeds: std::ops::Range<u8>) -> Vec<String> {
    let http = reqwest::Client::new();
    let mut acknowledged = Vec::new();
    for seed in seeds {
        let form = Form::new().part("file", Part::bytes(picture(seed)).file_name("a.jpg"));
        let address = format!("{base}/api/v1/images?allow_duplicate=true&workspace={workspace}");
        let Ok(answer) = http.post(address).bearer_auth(token).multipart(form).send().await else { break };
        if answer.status() == 201
            && let Ok(image) = answer.json::<Value>().await
        {
            acknowledged.push(image["id"].as_str().unwrap().to_owned());
        }
    }
    acknowledged
}

#[test]
fn killed_in_the_middle_of_uploads_it_leaves_no_image_without_its_objects() {
    run(async {
        let database = Cluster::get().await.create().await;
        let folder = TempDir::new().unwrap();
        let (mut seen, mut account) = (0, None::<(String, String)>);
        // Later each time, so that it is killed while it receives, decodes, stores and commits.
        for round in 0..6_u8 {
            let Served { mut process, base, .. } =
                Served::start(folder.path(), Some(&database), &[("LOBBY__SERVER__SECRET", SECRET)]).await;
            let (token, workspace) = match &account {
                None => {
                    let body = json!({ "email": "painter@example.org", "password": PASSWORD });
                    let tokens = post(&base, "", "/auth/signup", body).await["tokens"]["access_token"].clone();
                    let token = tokens.as_str().unwrap().to_owned();
                    let made = post(&base, &token, "/workspaces", json!({ "name": "Painters" })).await;
                    (token, made["id"].as_str().unwrap().to_owned())
                }
                Some(known) => known.clone(),
            };
            account = Some((token.clone(), workspace.clone()));
            let uploads = join_all((0..6).map(|task| upload(&base, &token, &workspace, task * 40..task * 40 + 40)));
            let murder = async {
                tokio::time::sleep(Duration::from_millis(40 + 90 * u64::from(round))).await;
                process.start_kill().unwrap();
                process.wait().await.unwrap();
            };
            let (acknowledged, ()) = futures_util::future::join(uploads, murder).await;
            for id in acknowledged.into_iter().flatten() {
                let row = format!("SELECT count(*) FROM gallery.images WHERE id = '{id}'");
                assert_eq!(database.number(&row).await, 1, "what was acknowledged is gone");
                seen += 1;
            }
        }
        assert!(seen > 0, "it was killed before anything was stored");

        let folder_name = folder.path().to_str().unwrap();
        let variables = [("LOBBY__DATA_DIR", folder_name), ("LOBBY__SERVER__SECRET", SECRET)];
        let media = async |arguments: &[&str]| lobby_command(arguments, Some(&database), &variables).await;
        let before = media(&["media", "check"]).await;
        assert!(!before.errors.contains("missing") && !before.errors.contains("damaged"), "{before:?}");
        let swept = media(&["media", "sweep", "--older-than", "0s"]).await;
        assert!(swept.well, "{swept:?}");
        let after = media(&["media", "check"]).await;
        assert!(after.well, "the sweep left something: {after:?}");
        // Nothing is in the store that the check doesn't know of.
        let contents = "SELECT count(DISTINCT content_hash) FROM gallery.images";
        let contents = usize::try_from(database.number(contents).await).unwrap();
        assert_eq!(files(&folder.path().join("media")), contents * super::EACH);
        Cluster::get().await.remove(&database).await;
    });
}
