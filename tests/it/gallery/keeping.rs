//! Looking after the objects: `lobby media check` and `lobby media sweep`, beside a server that works.

use std::path::{Path, PathBuf};

use futures_util::future::join_all;

use super::{EACH, IMAGES, empty_trash, objects};
use crate::harness::{Lobby, lobby, lobby_command, picture};

/// Runs the command on the data of a running Lobby.
async fn media(lobby: &Lobby, arguments: &[&str]) -> (bool, String) {
    let folder = lobby.folder.path().to_str().unwrap();
    let variables =
        [("LOBBY__DATA_DIR", folder), ("LOBBY__SERVER__SECRET", "a secret that all instances of the tests share")];
    let arguments = [&["media"], arguments].concat();
    let said = lobby_command(&arguments, Some(&lobby.database), &variables).await;
    (said.well, format!("{}{}", said.output, said.errors))
}

/// Every file below a folder.
fn paths(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { paths(&path) } else { vec![path] }).collect()
}

fn object(lobby: &Lobby, name: &str) -> PathBuf {
    let all = paths(&lobby.folder.path().join("media"));
    all.into_iter().find(|path| path.ends_with(name)).unwrap()
}

#[test]
fn what_is_whole_is_said_to_be_so() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        for seed in 0..3 {
            owner.upload(&workspace, picture(seed), "whole").await.expect(201);
        }
        for arguments in [&["check"][..], &["check", "--quick"]] {
            let (well, said) = media(lobby, arguments).await;
            assert!(well && said.contains("3 images, 18 objects"), "{said}");
        }
    });
}

#[test]
fn what_is_missing_damaged_or_too_much_is_named() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let id = owner.upload(&workspace, picture(1), "harmed").await.expect(201).id();
        std::fs::remove_file(object(lobby, "display")).unwrap();
        let large = object(lobby, "large");
        std::fs::write(&large, &std::fs::read(&large).unwrap()[1..]).unwrap();
        // As long as it was, and another.
        let original = object(lobby, "original");
        let mut bytes = std::fs::read(&original).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&original, bytes).unwrap();
        let workspace = original.ancestors().nth(3).unwrap();
        let unused = workspace.join("ab").join("ab".repeat(32)).join("original");
        std::fs::create_dir_all(unused.parent().unwrap()).unwrap();
        std::fs::write(&unused, "left behind").unwrap();
        std::fs::write(lobby.folder.path().join("media/gallery/notes.txt"), "mine").unwrap();

        let (well, said) = media(lobby, &["check"]).await;
        assert!(!well);
        for (defect, object) in [("missing", "display"), ("damaged", "large"), ("damaged", "original")] {
            let line =
                said.lines().find(|line| line.contains(defect) && line.contains(&format!("{object} of image {id}")));
            assert!(line.is_some(), "{defect} {object}: {said}");
        }
        assert!(said.contains("strange: gallery/notes.txt"), "{said}");
        assert_eq!(said.matches("unused: ").count(), 1, "{said}");
        let (_, quick) = media(lobby, &["check", "--quick"]).await;
        assert!(quick.contains("damaged") && !quick.contains("original of image"), "{quick}");
    });
}

#[test]
fn a_sweep_removes_what_no_image_has_and_nothing_else() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let kept = owner.upload(&workspace, picture(1), "kept").await.expect(201).id();
        owner.upload(&workspace, picture(2), "left").await.expect(201);
        // Its row goes without its objects, as when the program is killed between the two.
        lobby.database.execute(&format!("DELETE FROM gallery.images WHERE id <> '{kept}'")).await;
        // A file that the store never finished: a program was killed while it wrote.
        let unfinished = object(lobby, "original").with_file_name("original#1");
        std::fs::write(&unfinished, "half").unwrap();
        std::fs::write(lobby.folder.path().join("media/gallery/notes.txt"), "mine").unwrap();

        let (well, said) = media(lobby, &["sweep"]).await;
        assert!(well && said.contains("removed 0 objects"), "what is young may be an upload on its way: {said}");
        assert!(unfinished.exists());
        let (well, said) = media(lobby, &["sweep", "--older-than", "0s"]).await;
        assert!(well && said.contains(&format!("removed {EACH} objects")), "{said}");
        assert!(!unfinished.exists());
        assert_eq!(objects(lobby), EACH + 1, "notes.txt is nobody's business");
        for variant in ["", "?variant=320", "?variant=1280", "?variant=original"] {
            owner.get(&format!("/images/{kept}/content{variant}")).await.expect(200);
        }
        // What was swept can come again.
        owner.upload(&workspace, picture(2), "again").await.expect(201);
        let (well, said) = media(lobby, &["sweep", "--older-than", "yesterday"]).await;
        assert!(!well && said.contains("24h"), "{said}");
    });
}

#[test]
fn uploads_and_deletions_under_a_sweep_lose_nothing() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let keeping = lobby.services().images.keeping();
        let comings = join_all((0..40).map(|number| {
            let (owner, workspace) = (&owner, &workspace);
            async move {
                // Few contents, so that they meet.
                let query = format!("/images?allow_duplicate=true&workspace={workspace}");
                let part = reqwest::multipart::Part::bytes(picture(number % 4)).file_name("a.jpg");
                let form = reqwest::multipart::Form::new().part("file", part);
                let request = owner.request(reqwest::Method::POST, &query).multipart(form);
                let id = owner.send(request).await.expect(201).id();
                if number % 3 > 0 {
                    owner.delete(&format!("/images/{id}")).await.expect(204);
                }
            }
        }));
        let sweeps = async {
            for _ in 0..15 {
                empty_trash(lobby).await;
                keeping.sweep(chrono::Duration::zero()).await.unwrap();
            }
        };
        futures_util::future::join(comings, sweeps).await;
        empty_trash(lobby).await;
        assert_eq!(lobby.database.number(IMAGES).await, 14);
        keeping.sweep(chrono::Duration::zero()).await.unwrap();
        let found = keeping.check(true).await.unwrap();
        assert_eq!((found.images, found.defects), (14, Vec::new()));
    });
}
