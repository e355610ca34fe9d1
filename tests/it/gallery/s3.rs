//! Pictures in an S3-compatible store: the same as in a folder, and what happens while it is away.

use std::{
    net::TcpListener,
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use reqwest::Method;
use tokio::process::{Child, Command};

use super::{IMAGES, asking, empty_trash, pictures};
use crate::harness::{Client, Lobby, lobby_with, picture, run};

/// A running store.
pub struct Store {
    process: Child,
    port: u16,
    endpoint: String,
}

impl Store {
    /// Starts one with a bucket; none if it can't be had here.
    pub async fn start() -> Option<Self> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/s3-server");
        let installed = Command::new(&script).arg("--install").status().await.unwrap();
        if !installed.success() {
            #[expect(clippy::print_stderr, reason = "nobody may overlook that tests didn't run")]
            {
                eprintln!("!!! WITHOUT AN S3 SERVER THE TESTS ON S3 ARE SKIPPED !!!");
            }
            return None;
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut store = Self { process: open(port), port, endpoint: format!("http://127.0.0.1:{port}") };
        store.is_ready().await;
        Some(store)
    }

    /// Waits until it has a bucket.
    async fn is_ready(&mut self) {
        let (http, patience) = (reqwest::Client::new(), Instant::now());
        loop {
            let bucket = http.put(format!("{}/pictures", self.endpoint)).send().await;
            if bucket.is_ok_and(|answer| answer.status().is_success()) {
                return;
            }
            assert!(patience.elapsed() < Duration::from_secs(120), "the S3 server does not start");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Ends it at once.
    pub async fn kill(&mut self) {
        self.process.kill().await.unwrap();
    }

    /// Another one in its place, with nothing in it.
    pub async fn again(&mut self) {
        self.process = open(self.port);
        self.is_ready().await;
    }

    pub fn variables(&self) -> Vec<(&str, &str)> {
        vec![
            ("LOBBY__MEDIA__STORE", "s3"),
            ("LOBBY__MEDIA__S3__ENDPOINT", &self.endpoint),
            ("LOBBY__MEDIA__S3__BUCKET", "pictures"),
            ("LOBBY__MEDIA__S3__ACCESS_KEY_ID", "key"),
            ("LOBBY__MEDIA__S3__SECRET_ACCESS_KEY", "secret"),
        ]
    }
}

fn open(port: u16) -> Child {
    Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/s3-server"))
        .args(["--port", &port.to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

/// Runs a test on a store, if there is one.
fn on_s3(test: impl AsyncFnOnce(&Lobby, &mut Store)) {
    let Some(mut store) = run(Store::start()) else { return };
    let variables: Vec<(String, String)> =
        store.variables().into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let variables: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    lobby_with(&variables, async |lobby| test(lobby, &mut store).await);
}

#[test]
fn pictures_are_kept_read_in_stretches_and_deleted() {
    on_s3(async |lobby, _| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let keeping = lobby.services().images.keeping();
        let bytes = picture(1);
        let id = owner.upload(&workspace, bytes.clone(), "far away").await.expect(201).id();
        let path = format!("/images/{id}/content");
        assert_eq!(owner.get(&format!("{path}?variant=original")).await.expect(200).bytes, bytes);
        for variant in ["", "?variant=320", "?variant=1280", "?variant=thumbnail"] {
            let path = format!("{path}{variant}");
            let whole = owner.get(&path).await.expect(200).bytes;
            assert_eq!(pictures::decoded(&whole).width(), 64);
            let stretch = asking(&owner, Method::GET, &path, &[("Range", "bytes=10-19")]).await.expect(206);
            assert_eq!(stretch.bytes, whole[10..20]);
        }
        let found = keeping.check(true).await.unwrap();
        assert_eq!((found.images, found.objects, found.defects), (1, 6, Vec::new()));
        owner.delete(&format!("/images/{id}")).await.expect(204);
        assert_eq!(empty_trash(lobby).await, 1);
        assert_eq!(keeping.check(true).await.unwrap().objects, 0);
        assert!(!lobby.folder.path().join("media").exists(), "something was kept in the folder");
    });
}

#[test]
fn a_large_file_goes_in_parts() {
    on_s3(async |lobby, _| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let mut state = 1_u32;
        let noise = image::RgbImage::from_fn(1900, 1700, |_, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let [red, green, blue, _] = state.to_be_bytes();
            image::Rgb([red, green, blue])
        });
        let bytes = pictures::coded(&noise.into(), image::ImageFormat::Png);
        assert!(bytes.len() > 8 * 1024 * 1024);
        let id = owner.upload(&workspace, bytes.clone(), "noise").await.expect(201).id();
        let original = format!("/images/{id}/content?variant=original");
        assert!(owner.get(&original).await.expect(200).bytes == bytes, "the original is another");
    });
}

#[test]
fn what_no_image_has_is_swept() {
    on_s3(async |lobby, _| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let keeping = lobby.services().images.keeping();
        let kept = owner.upload(&workspace, picture(1), "kept").await.expect(201).id();
        owner.upload(&workspace, picture(2), "left").await.expect(201);
        lobby.database.execute(&format!("DELETE FROM gallery.images WHERE id <> '{kept}'")).await;
        assert_eq!(keeping.check(false).await.unwrap().defects.len(), 6);
        assert_eq!(keeping.sweep(chrono::Duration::hours(1)).await.unwrap().objects, 0);
        assert_eq!(keeping.sweep(chrono::Duration::zero()).await.unwrap().objects, 6);
        assert_eq!(keeping.check(true).await.unwrap().defects, []);
        owner.get(&format!("/images/{kept}/content")).await.expect(200);
    });
}

async fn is_away(client: &Client, path: &str) {
    let answer = client.get(path).await.problem(503, "storage_unavailable");
    assert!(answer.header("retry-after").parse::<u32>().unwrap() > 0);
}

#[test]
fn while_it_is_away_only_pictures_are() {
    on_s3(async |lobby, store| {
        let (owner, workspace) = lobby.workspace("gallery").await;
        let id = owner.upload(&workspace, picture(1), "there").await.expect(201).id();
        store.kill().await;
        for variant in ["", "?variant=320", "?variant=original"] {
            is_away(&owner, &format!("/images/{id}/content{variant}")).await;
        }
        let refused = owner.upload(&workspace, picture(2), "nowhere").await.problem(503, "storage_unavailable");
        assert!(refused.headers.contains_key("retry-after"));
        assert_eq!(lobby.database.number(IMAGES).await, 1);
        for path in ["/users/me".to_owned(), "/images".to_owned(), format!("/images/{id}"), "/projects".to_owned()] {
            owner.get(&path).await.expect(200);
        }
        owner.patch(&format!("/images/{id}"), serde_json::json!({ "description": "still" })).await.expect(200);
        // Its objects stay, for the sweep.
        owner.delete(&format!("/images/{id}")).await.expect(204);
        assert_eq!(empty_trash(lobby).await, 1);
        assert_eq!(lobby.database.number(IMAGES).await, 0);
    });
}
