//! The `lobby` command.

use serde_json::{Value, json};

use crate::harness::{Cluster, Database, lobby, lobby_command, run};

/// Runs a test with a database and no server.
fn with_database(test: impl AsyncFnOnce(&Database)) {
    run(async {
        let cluster = Cluster::get().await;
        let database = cluster.create().await;
        test(&database).await;
        cluster.remove(&database).await;
    });
}

#[test]
fn every_command_explains_itself() {
    run(async {
        let commands: [&[&str]; 19] = [
            &[],
            &["serve"],
            &["migrate"],
            &["seed"],
            &["user"],
            &["user", "create-admin"],
            &["secrets"],
            &["secrets", "reseal"],
            &["openapi"],
            &["schema"],
            &["schema", "role"],
            &["schema", "blueprint"],
            &["backup"],
            &["backup", "create"],
            &["backup", "restore"],
            &["doctor"],
            &["health"],
            &["config"],
            &["config", "check"],
        ];
        for command in commands {
            let arguments = [command, &["--help"]].concat();
            let said = lobby_command(&arguments, None, &[]).await;
            assert!(said.well && said.output.contains("Usage: lobby"), "{command:?}: {said:?}");
        }
    });
}

#[test]
fn config_check_names_every_fault_at_once() {
    run(async {
        assert!(lobby_command(&["config", "check"], None, &[]).await.well);
        let faulty = [
            ("LOBBY__SERVER__WORKERS", "many"),
            ("LOBBY__DATABASE__URL", "mysql://x"),
            ("LOBBY__GALLERY__MAX_FRAME", "1"),
        ];
        let said = lobby_command(&["config", "check"], None, &faulty).await;
        assert!(!said.well);
        for key in ["server.workers", "database.url", "gallery.max_frame"] {
            assert!(said.errors.contains(key), "{key} is not in {}", said.errors);
        }
        // What serves refuses the same.
        assert!(!lobby_command(&["serve"], None, &faulty).await.well);
    });
}

#[test]
fn the_printed_defaults_are_a_configuration() {
    run(async {
        let defaults = lobby_command(&["config", "defaults"], None, &[]).await.output;
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), defaults.replace("access_minutes = 15", "access_minutes = 16")).unwrap();
        let path = file.path().to_str().unwrap();
        let said = lobby_command(&["--config", path, "config", "check"], None, &[]).await;
        assert!(said.well, "{said:?}");
    });
}

#[test]
fn openapi_prints_the_document_that_is_served() {
    lobby(async |lobby| {
        let printed: Value = serde_json::from_str(&lobby_command(&["openapi"], None, &[]).await.output).unwrap();
        let served = lobby.anonymous().get("//api/openapi.json").await.expect(200);
        assert_eq!(printed, served.json);
    });
}

#[test]
fn seeding_twice_makes_the_demo_once() {
    with_database(async |database| {
        let rows = "SELECT (SELECT count(*) FROM accounts.users) * 1000000 \
                    + (SELECT count(*) FROM workspace.members) * 10000 \
                    + (SELECT count(*) FROM project.projects) * 100 + (SELECT count(*) FROM gallery.images)";
        let first = lobby_command(&["seed"], Some(database), &[]).await;
        assert!(first.well && first.output.contains("ada@lobby.example"), "{first:?}");
        assert!(first.output.contains(api::seed::DEMO_PASSWORD));
        let after_first = database.number(rows).await;
        assert_eq!(after_first, 14_140_604);
        let second = lobby_command(&["seed"], Some(database), &[]).await;
        assert!(second.well, "{second:?}");
        assert_eq!(database.number(rows).await, after_first);
    });
}

#[test]
fn production_refuses_demo_people() {
    with_database(async |database| {
        let production = [("LOBBY__PROFILE", "production"), ("LOBBY__SERVER__PUBLIC_URL", "https://lobby.example.com")];
        for command in [&["seed"][..], &["serve", "--seed"]] {
            let said = lobby_command(command, Some(database), &production).await;
            assert!(!said.well && said.errors.contains("production"), "{said:?}");
        }
        assert_eq!(database.number("SELECT count(*) FROM accounts.users").await, 0);
    });
}

#[test]
fn a_platform_administrator_is_made_from_the_command_line() {
    lobby(async |lobby| {
        let (_, workspace) = lobby.workspace("lobby").await;
        let variables = [("LOBBY_ADMIN_PASSWORD", "a very good password")];
        let arguments = ["user", "create-admin", "--email", "root@example.org"];
        let said = lobby_command(&arguments, Some(&lobby.database), &variables).await;
        assert!(said.well, "{said:?}");
        let admin = lobby.anonymous().sign_in("root@example.org", "a very good password").await;
        admin.get(&format!("/workspaces/{workspace}")).await.expect(200);

        let weak = lobby_command(&arguments[..2], Some(&lobby.database), &[]).await;
        assert!(!weak.well);
        let body = json!({ "email": "root@example.org", "password": "wrong password" });
        lobby.anonymous().post("/auth/login", body).await.expect(401);
    });
}

#[test]
fn migrating_again_does_nothing() {
    with_database(async |database| {
        let said = lobby_command(&["migrate"], Some(database), &[]).await;
        assert!(said.well && said.output.contains("up to date"), "{said:?}");
    });
}
