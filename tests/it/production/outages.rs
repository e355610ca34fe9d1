//! What something that is away costs: only what needs it.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use embedded::{Embedded, Options};
use futures_util::future::join_all;
use serde_json::json;
use sqlx::Executor;

use super::eventually;
use crate::harness::{Client, Database, Lobby, PASSWORD, lobby, lobby_with, picture, run};

/// A PostgreSQL of a test's own, to be killed.
struct Own {
    folder: PathBuf,
}

impl Own {
    fn new() -> Self {
        let memory = Path::new("/dev/shm");
        let base = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let folder = base.join(format!("lobby-outage-{}", uuid::Uuid::now_v7().simple()));
        std::fs::create_dir(&folder).unwrap();
        // PostgreSQL runs as another account where the tests are root's.
        std::fs::set_permissions(&folder, std::os::unix::fs::PermissionsExt::from_mode(0o711)).unwrap();
        Self { folder }
    }

    async fn start(&self) -> Embedded {
        Embedded::start(&self.folder, Options::default()).await.unwrap()
    }

    fn kill(&self) {
        let file = self.folder.join("postgres/postmaster.pid");
        let pid = std::fs::read_to_string(file).unwrap().lines().next().unwrap().to_owned();
        assert!(std::process::Command::new("kill").args(["-9", &pid]).status().unwrap().success());
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Keeps writing, and what was acknowledged.
fn write(
    client: &Client,
    workspace: &str,
    stop: &Arc<AtomicBool>,
    acknowledged: &Arc<Mutex<BTreeSet<String>>>,
    writer: usize,
) -> tokio::task::JoinHandle<()> {
    let (client, workspace) = (client.clone(), workspace.to_owned());
    let (stop, acknowledged) = (Arc::clone(stop), Arc::clone(acknowledged));
    tokio::spawn(async move {
        for number in 0..5_000 {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            let body = json!({ "workspace": workspace, "name": format!("Project {writer} {number}") });
            let answer = client.post("/projects", body).await;
            match answer.status.as_u16() {
                201 => drop(acknowledged.lock().unwrap().insert(answer.id())),
                503 => {
                    assert!(!answer.header("retry-after").is_empty());
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                // What was under way when the database died was cut off there: nobody knows whether it was written.
                other => assert_eq!(other, 500, "{}", answer.json),
            }
        }
    })
}

#[test]
fn while_postgresql_is_away_the_answer_is_503_and_when_it_is_back_so_is_lobby() {
    run(async {
        let own = Own::new();
        let server = own.start().await;
        server.ensure_database("outage").await.unwrap();
        let database = Database { url: server.url("outage"), name: "outage".to_owned() };
        let variables = [("LOBBY__DATABASE__ACQUIRE_SECONDS", "1"), ("LOBBY__DATABASE__MAX_CONNECTIONS", "6")];
        let lobby = Lobby::on(database.clone(), &variables).await;
        let (owner, workspace) = lobby.workspace("lobby").await;
        let stop = Arc::new(AtomicBool::new(false));
        let acknowledged = Arc::new(Mutex::new(BTreeSet::new()));
        let writers: Vec<_> = (0..12).map(|writer| write(&owner, &workspace, &stop, &acknowledged, writer)).collect();
        let count = || acknowledged.lock().unwrap().len();
        eventually("they write", async || count() > 50).await;

        own.kill();
        eventually("the database is missed", async || {
            let answer = owner.get(&format!("/projects?workspace={workspace}")).await;
            if answer.status != 503 {
                return false;
            }
            let answer = answer.problem(503, "database_unavailable");
            assert_eq!(answer.header("retry-after"), "1");
            true
        })
        .await;
        // What asks nothing of the database goes on.
        owner.get("//health").await.expect(200);
        owner.get("//ready").await.problem(503, "database_unavailable");

        let before = count();
        let server_again = own.start().await;
        let back = Instant::now();
        eventually("it serves again", async || owner.get("//ready").await.status == 200).await;
        eventually("they write again", async || count() > before + 50).await;
        println!("written again {:.1} s after PostgreSQL was back", back.elapsed().as_secs_f64());
        stop.store(true, Ordering::Relaxed);
        for writer in join_all(writers).await {
            writer.unwrap();
        }
        let mut session = database.connect().await;
        let kept: Vec<uuid::Uuid> =
            sqlx::query_scalar("SELECT id FROM project.projects").fetch_all(&mut session).await.unwrap();
        let kept: BTreeSet<String> = kept.iter().map(ToString::to_string).collect();
        let lost = acknowledged.lock().unwrap().difference(&kept).count();
        assert_eq!(lost, 0, "acknowledged writes are lost");
        // No connection of before is still counted: the pool hands out all that it has.
        let answers = join_all((0..30).map(|_| owner.get("/users/me"))).await;
        assert!(answers.iter().all(|answer| answer.status == 200));
        let open = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'outage' AND application_name = 'lobby'";
        let open = database.number(open).await;
        assert!(open <= 6 + 2, "{open} connections: six of the pool, and two that listen");
        drop(session);
        lobby.stop_serving().await;
        server_again.stop().await.unwrap();
        drop(server);
    });
}

#[test]
fn a_store_that_is_full_or_away_costs_uploads_and_nothing_else() {
    lobby_with(&[], async |lobby| {
        let (owner, gallery) = lobby.workspace("gallery").await;
        let kept = owner.upload(&gallery, picture(1), "kept").await.expect(201).id();
        let media = lobby.folder.path().join("media");
        let aside = lobby.folder.path().join("aside");
        // In the folder's place is something that no account can make a folder of.
        std::fs::rename(&media, &aside).unwrap();
        std::fs::write(&media, "in the way").unwrap();
        let answer = owner.upload(&gallery, picture(2), "lost").await.problem(503, "storage_unavailable");
        assert!(!answer.header("retry-after").is_empty());
        owner.get(&format!("/images/{kept}")).await.expect(200);
        owner.post("/projects", json!({ "workspace": gallery, "name": "Goes on" })).await.expect(201);
        owner.get("//ready").await.expect(200);
        std::fs::remove_file(&media).unwrap();
        std::fs::rename(&aside, &media).unwrap();

        if let Some(_full) = Full::over(&media) {
            let noise = noisy(3);
            owner.upload(&gallery, noise, "too much").await.problem(503, "storage_unavailable");
            owner.get(&format!("/images/{kept}")).await.expect(200);
            owner.post("/projects", json!({ "workspace": gallery, "name": "Still goes on" })).await.expect(201);
        }
        // What failed left no row behind, and when there is space again the next upload goes well.
        let rows = "SELECT count(*) FROM gallery.images";
        assert_eq!(lobby.database.number(rows).await, 1);
        owner.upload(&gallery, picture(4), "found its place").await.expect(201);
        owner.get(&format!("/images/{kept}/content")).await.expect(200);
    });
}

/// A picture that no compression makes small.
fn noisy(seed: u32) -> Vec<u8> {
    let mut state = seed;
    let image = image::RgbImage::from_fn(700, 700, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [_, red, green, blue] = state.to_le_bytes();
        image::Rgb([red, green, blue])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// A disk of next to nothing over a folder; only root can lay one.
struct Full(PathBuf);

impl Full {
    fn over(folder: &Path) -> Option<Self> {
        let mut mount = std::process::Command::new("mount");
        let mounted = mount.args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"]).arg(folder).status();
        if mounted.is_ok_and(|status| status.success()) {
            return Some(Self(folder.to_owned()));
        }
        println!("!!! SKIPPED: ONLY ROOT CAN LAY A FULL DISK !!!");
        None
    }
}

impl Drop for Full {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn what_takes_the_database_too_long_is_given_up_and_said_so() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        // What the program's own sessions are told, written down by one of them.
        let told = "CREATE FUNCTION project.tell() RETURNS trigger LANGUAGE plpgsql AS \
                    $$ BEGIN NEW.description = current_setting('statement_timeout'); RETURN NEW; END $$; \
                    CREATE TRIGGER tell BEFORE INSERT ON project.projects FOR EACH ROW EXECUTE FUNCTION project.tell()";
        lobby.database.execute(told).await;
        let made = owner.post("/projects", json!({ "workspace": workspace, "name": "Timed" })).await.expect(201);
        assert_eq!(made.text("description"), "30s");

        // Waiting for a lock ends in the same way, and a test needn't wait so long for it.
        let mut held = lobby.database.connect_to("project").await;
        let shorter =
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET lock_timeout = 300', current_database()); END $$";
        held.execute(shorter).await.unwrap();
        let second = Lobby::on(lobby.database.clone(), &[]).await;
        let there = second.anonymous().sign_in("person0@example.org", PASSWORD).await;
        held.execute("BEGIN; LOCK TABLE project.projects IN ACCESS EXCLUSIVE MODE").await.unwrap();
        let refused = there.get("/projects").await.problem(503, "took_too_long");
        assert_eq!(refused.header("retry-after"), "5");
        there.get(&format!("/workspaces/{workspace}")).await.expect(200);
        held.execute("ROLLBACK").await.unwrap();
        assert_eq!(there.get("/projects").await.expect(200).each("name"), ["Timed"]);
        second.stop_serving().await;
    });
}
