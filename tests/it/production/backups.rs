//! A backup that was taken under load is whole, can be restored, and says so itself when it is damaged.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use futures_util::future::join_all;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::eventually;
use crate::harness::{Cluster, Database, Lobby, PASSWORD, lobby, lobby_command, picture, run};

/// `lobby backup …` on the installation of a test.
async fn backup(lobby: &Lobby, shelf: &TempDir, arguments: &[&str]) -> crate::harness::Said {
    on(&lobby.database, lobby.folder.path(), shelf, arguments).await
}

async fn on(database: &Database, data: &Path, shelf: &TempDir, arguments: &[&str]) -> crate::harness::Said {
    let variables = [
        ("LOBBY__DATA_DIR", data.to_str().unwrap()),
        ("LOBBY__BACKUP__FOLDER", shelf.path().to_str().unwrap()),
        ("LOBBY__BACKUP__KEEP", "2"),
    ];
    lobby_command(&[&["backup"], arguments].concat(), Some(database), &variables).await
}

/// The backups there are, oldest first.
fn backups(shelf: &TempDir) -> Vec<std::path::PathBuf> {
    let mut paths: Vec<_> = std::fs::read_dir(shelf.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn manifest(backup: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(backup.join("manifest.json")).unwrap()).unwrap()
}

/// What a manifest tells of a table, in whichever of the databases it is: the fullest, as one that was set up for all
/// modules has the tables of those too that live elsewhere.
fn table<'a>(told: &'a mut Value, name: &str) -> &'a mut Value {
    let databases = told["databases"].as_array_mut().unwrap();
    let tables = databases.iter_mut().filter_map(|database| database["tables"].get_mut(name));
    tables.max_by_key(|table| table["rows"].as_u64()).unwrap()
}

#[test]
fn a_backup_taken_under_load_is_restored_and_holds_what_it_held() {
    lobby(async |lobby| {
        let (owner, gallery) = lobby.workspace("gallery").await;
        owner.upload(&gallery, picture(1), "kept").await.expect(201);
        let (stop, written) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let writers = (0..8).map(|writer| {
            let (owner, gallery) = (owner.clone(), gallery.clone());
            let (stop, written) = (Arc::clone(&stop), Arc::clone(&written));
            tokio::spawn(async move {
                for number in 0..2_000 {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let body = json!({ "workspace": gallery, "name": format!("Project {writer} {number}") });
                    owner.post("/projects", body).await.expect(201);
                    written.fetch_add(1, Ordering::Relaxed);
                }
            })
        });
        let writers: Vec<_> = writers.collect();
        eventually("they write", async || written.load(Ordering::Relaxed) > 20).await;

        let shelf = TempDir::new().unwrap();
        let before = written.load(Ordering::Relaxed);
        let said = backup(lobby, &shelf, &["create", "--verify"]).await;
        let after = written.load(Ordering::Relaxed);
        stop.store(true, Ordering::Relaxed);
        for writer in join_all(writers).await {
            writer.unwrap();
        }
        assert!(said.well && said.output.contains("Verified"), "{said:?}");
        assert!(after > before, "nothing was written meanwhile");
        let made = backups(&shelf);
        assert_eq!(made.len(), 1);
        let mode = std::os::unix::fs::PermissionsExt::mode(&made[0].metadata().unwrap().permissions());
        assert_eq!(mode & 0o077, 0, "private fields and what opens them are for nobody else to read");
        let rows = table(&mut manifest(&made[0]), "project.projects")["rows"].as_u64().unwrap();
        assert!((before as u64..=after as u64 + 8).contains(&rows), "{before} {rows} {after}");
        assert!(backup(lobby, &shelf, &["list"]).await.output.contains("  verified 2"));

        // Into an installation that is empty; into one that isn't it is refused.
        let refused = backup(lobby, &shelf, &["restore"]).await;
        assert!(!refused.well && refused.errors.contains("not empty"), "{refused:?}");
        let empty = Cluster::get().await.create_empty().await;
        let folder = TempDir::new().unwrap();
        // Nor beside keys that didn't seal what is in it: nothing is done.
        let key = made[0].join("keys").read_dir().unwrap().next().unwrap().unwrap().file_name();
        let beside = folder.path().join("keys").join(key);
        std::fs::create_dir(folder.path().join("keys")).unwrap();
        std::fs::write(&beside, "another").unwrap();
        let refused = on(&empty, folder.path(), &shelf, &["restore"]).await;
        assert!(!refused.well && refused.errors.contains("is another than the backup's"), "{refused:?}");
        assert_eq!(std::fs::read_to_string(&beside).unwrap(), "another");
        std::fs::remove_file(&beside).unwrap();
        let restored = on(&empty, folder.path(), &shelf, &["restore"]).await;
        assert!(restored.well, "{restored:?}");
        assert_eq!(empty.number("SELECT count(*) FROM project.projects").await, i64::try_from(rows).unwrap());
        assert!(folder.path().join("media/gallery").is_dir());
        assert!(folder.path().join("keys").read_dir().unwrap().count() > 0);

        let again = Lobby::on(empty.clone(), &[]).await;
        let owner = again.anonymous().sign_in("person0@example.org", PASSWORD).await;
        owner.get(&format!("/workspaces/{gallery}")).await.expect(200);
        owner.post("/projects", json!({ "workspace": gallery, "name": "Goes on" })).await.expect(201);
        again.stop_serving().await;
        Cluster::get().await.remove(&empty).await;
    });
}

#[test]
fn what_is_damaged_is_named() {
    lobby(async |lobby| {
        let (owner, gallery) = lobby.workspace("gallery").await;
        owner.upload(&gallery, picture(1), "kept").await.expect(201);
        let shelf = TempDir::new().unwrap();
        let said = backup(lobby, &shelf, &["create"]).await;
        assert!(said.well, "{said:?}");
        let made = backups(&shelf).remove(0);
        let named = async |what: &str| {
            let said = backup(lobby, &shelf, &["verify"]).await;
            assert!(!said.well && said.errors.contains(what), "{what}: {said:?}");
            assert!(!made.join("verified").exists());
        };

        let dump = made.join("database-0.dump");
        let whole = std::fs::read(&dump).unwrap();
        let mut damaged = whole.clone();
        let middle = damaged.len() / 2;
        damaged[middle] ^= 1;
        std::fs::write(&dump, damaged).unwrap();
        named("database-0.dump is damaged").await;
        std::fs::write(&dump, whole).unwrap();

        let list = std::fs::read_to_string(made.join("media.list")).unwrap();
        let object = list.lines().next().unwrap().splitn(3, ' ').nth(2).unwrap().to_owned();
        let path = made.join("media").join(&object);
        let bytes = std::fs::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        named(&format!("media/{object} can't be read")).await;
        std::fs::write(&path, b"other").unwrap();
        named(&format!("media/{object} is damaged")).await;
        std::fs::write(&path, bytes).unwrap();

        // The files are whole, and still what is restored is not what was there.
        let mut told = manifest(&made);
        let good = told.clone();
        table(&mut told, "accounts.users")["rows"] = json!(2);
        table(&mut told, "workspace.members")["hash"] = json!("1");
        std::fs::write(made.join("manifest.json"), told.to_string()).unwrap();
        named("table accounts.users has 1 rows instead of 2").await;
        named("table workspace.members has other content").await;
        std::fs::write(made.join("manifest.json"), good.to_string()).unwrap();
        let said = backup(lobby, &shelf, &["verify"]).await;
        assert!(said.well, "{said:?}");
        std::fs::remove_file(made.join("manifest.json")).unwrap();
        named("no whole backup").await;
    });
}

#[test]
fn old_backups_go_and_media_that_an_earlier_one_has_are_linked() {
    lobby(async |lobby| {
        let (owner, gallery) = lobby.workspace("gallery").await;
        owner.upload(&gallery, picture(1), "kept").await.expect(201);
        let shelf = TempDir::new().unwrap();
        for number in 1..=3 {
            let said = backup(lobby, &shelf, &["create"]).await;
            assert!(said.well, "{said:?}");
            assert_eq!(backups(&shelf).len(), number.min(2), "keep = 2");
            // Names have seconds, and there is no backup of the same name twice.
            let second = chrono_second();
            eventually("the next second", async || chrono_second() != second).await;
        }
        let media: Vec<_> = backups(&shelf)
            .iter()
            .map(|backup| {
                let list = std::fs::read_to_string(backup.join("media.list")).unwrap();
                let object = list.lines().next().unwrap().splitn(3, ' ').nth(2).unwrap().to_owned();
                let file = std::fs::metadata(backup.join("media").join(object)).unwrap();
                std::os::unix::fs::MetadataExt::ino(&file)
            })
            .collect();
        assert_eq!(media[0], media[1]);
    });
}

fn chrono_second() -> i64 {
    kernel::clock::Clock::system().now().timestamp()
}

#[test]
fn a_backup_of_several_databases_has_them_all() {
    let own = run(async { Cluster::get().await.create().await });
    let variables = [("LOBBY__DATABASE__MODULES__PROJECT__URL", own.url.as_str())];
    crate::harness::lobby_with(&variables, async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        owner.post("/projects", json!({ "workspace": workspace, "name": "Apart" })).await.expect(201);
        let shelf = TempDir::new().unwrap();
        let all = [
            ("LOBBY__DATA_DIR", lobby.folder.path().to_str().unwrap()),
            ("LOBBY__BACKUP__FOLDER", shelf.path().to_str().unwrap()),
            variables[0],
        ];
        let said = lobby_command(&["backup", "create", "--verify"], Some(&lobby.database), &all).await;
        assert!(said.well, "{said:?}");
        let mut told = manifest(&backups(&shelf)[0]);
        let databases = told["databases"].as_array().unwrap();
        let apart = lobby.database.apart().len();
        assert_eq!(databases.len(), if apart == 0 { 2 } else { apart });
        let alone = databases.iter().find(|database| database["modules"] == json!(["project"])).unwrap();
        assert_eq!(alone["tables"]["project.projects"]["rows"], 1);
        assert_eq!(table(&mut told, "workspace.members")["rows"], 1);
    });
    run(async { Cluster::get().await.remove(&own).await });
}
