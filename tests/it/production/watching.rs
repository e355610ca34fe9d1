//! What an installation tells about itself: numbers for Prometheus, and what `lobby doctor` finds.

use serde_json::{Value, json};
use tempfile::TempDir;

use super::free_port;
use crate::harness::{Cluster, Database, Said, lobby, lobby_command, lobby_with, run};

/// The value of a sample, labels and all.
fn sample(text: &str, name: &str) -> Option<f64> {
    let line = text.lines().find(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(' ')))?;
    line.rsplit(' ').next()?.parse().ok()
}

#[test]
fn numbers_are_told_by_route_on_a_listener_of_their_own() {
    let address = format!("127.0.0.1:{}", free_port());
    lobby_with(&[("LOBBY__METRICS__LISTEN", &address)], async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        for _ in 0..3 {
            owner.get(&format!("/workspaces/{workspace}")).await.expect(200);
        }
        for number in 0..20 {
            owner.get(&format!("//nothing/{number}")).await.expect(404);
        }
        owner.get("/projects/01a20253-a872-7956-a1e3-bceb84ccaed7").await.expect(404);
        lobby.services().settle().await.unwrap();
        let answer = reqwest::get(format!("http://{address}/metrics")).await.unwrap();
        assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/plain; version=0.0.4"));
        let text = answer.text().await.unwrap();
        let route = "method=\"GET\",route=\"/api/v1/workspaces/{id}\"";
        let total = format!("lobby_http_requests_total{{{route},status=\"200\"}}");
        assert_eq!(sample(&text, &total), Some(3.0), "{text}");
        assert_eq!(sample(&text, &format!("lobby_http_request_duration_seconds_count{{{route}}}")), Some(3.0));
        // Whatever is asked for, there are as many series as routes.
        let missing = "lobby_http_requests_total{method=\"GET\",route=\"none\",status=\"404\"}";
        assert_eq!(sample(&text, missing), Some(20.0), "{text}");
        assert!(!text.contains("/nothing") && !text.contains(&workspace));
        assert_eq!(sample(&text, "lobby_database_up"), Some(1.0));
        let pool = if lobby.database.is_apart() { "workspace" } else { "shared" };
        assert!(sample(&text, &format!("lobby_database_connections{{pool=\"{pool}\"}}")).unwrap() >= 1.0);
        assert_eq!(sample(&text, "lobby_outbox_events{module=\"project\"}"), Some(0.0));
        assert_eq!(sample(&text, "lobby_password_hashes{state=\"running\"}"), Some(0.0));
        assert_eq!(sample(&text, "lobby_backup_verified_age_seconds"), None, "there is no backup");

        // One signed in once and called more often: their token was verified once, and what they hold read once.
        let asked = |cache: &str, outcome: &str| {
            let name = format!("lobby_cache_requests_total{{cache=\"{cache}\",outcome=\"{outcome}\"}}");
            sample(&text, &name).unwrap_or_else(|| panic!("no {name} in {text}"))
        };
        assert_eq!(asked("access_tokens", "miss"), 1.0);
        assert_eq!(
            asked("access_tokens", "hit"),
            4.0,
            "a workspace made, three looks at it, and a project that is none"
        );
        assert!(asked("standings", "miss") >= 1.0 && asked("standings", "hit") >= 3.0, "{text}");
        assert_eq!(asked("roles", "miss"), 1.0);
        assert_eq!(sample(&text, "lobby_cache_entries{cache=\"access_tokens\"}"), Some(1.0));
        assert_eq!(sample(&text, "lobby_cache_entries{cache=\"standings\"}"), Some(1.0));
        assert_eq!(sample(&text, "lobby_cache_evictions_total{cache=\"standings\"}"), Some(0.0));
        // A personal token is known from its second use on.
        let permissions = json!({ "can_view_projects": true });
        let made = owner.post("/users/me/tokens", json!({ "name": "script", "permissions": permissions })).await;
        let script = owner.with_token(&made.expect(201).text("token"));
        for _ in 0..3 {
            script.get(&format!("/projects?workspace={workspace}")).await.expect(200);
        }
        let text = reqwest::get(format!("http://{address}/metrics")).await.unwrap().text().await.unwrap();
        let hits = "lobby_cache_requests_total{cache=\"personal_tokens\",outcome=\"hit\"}";
        assert_eq!(sample(&text, hits), Some(2.0), "{text}");

        // An event that nobody is told of yet is seen to wait.
        let stuck = "UPDATE workspace.outbox SET told_at = NULL, attempts = 1000, at = now() - interval '1 hour' \
                     WHERE id = (SELECT id FROM workspace.outbox LIMIT 1)";
        lobby.database.execute(stuck).await;
        let folder = lobby.folder.path().join("backups/20260102T030405Z");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("verified"), "2026-01-02T04:00:00+00:00").unwrap();
        let text = reqwest::get(format!("http://{address}/metrics")).await.unwrap().text().await.unwrap();
        assert_eq!(sample(&text, "lobby_outbox_events{module=\"workspace\"}"), Some(1.0));
        assert!(sample(&text, "lobby_outbox_lag_seconds{module=\"workspace\"}").unwrap() >= 3600.0);
        assert_eq!(sample(&text, "lobby_backup_verified_timestamp_seconds"), Some(1_767_323_045.0));

        // On the public listener there is nothing of it.
        lobby.anonymous().get("//metrics").await.problem(404, "no_such_route");
    });
}

#[test]
fn numbers_are_told_to_nobody_unless_asked_for_and_never_on_a_public_address() {
    run(async {
        for wrong in ["8.8.8.8:9464", "9464", "localhost:9464"] {
            let said = lobby_command(&["config", "check"], None, &[("LOBBY__METRICS__LISTEN", wrong)]).await;
            assert!(!said.well && said.errors.contains("metrics.listen"), "{wrong}: {said:?}");
        }
    });
}

async fn doctor(database: &Database, variables: &[(&str, &str)]) -> (Said, Value) {
    let said = lobby_command(&["doctor", "--json"], Some(database), variables).await;
    let findings = serde_json::from_str(&said.output).unwrap_or_else(|_| panic!("{said:?}"));
    (said, findings)
}

/// What a check came to; what mends it is named just where something is to be mended.
fn state(findings: &Value, check: &str) -> String {
    let finding = findings.as_array().unwrap().iter().find(|finding| finding["check"] == check);
    let finding = finding.unwrap_or_else(|| panic!("no {check} in {findings}"));
    let state = finding["state"].as_str().unwrap().to_owned();
    assert_eq!(finding["mend"].is_string(), ["failed", "warning"].contains(&state.as_str()), "{finding}");
    state
}

#[test]
fn the_doctor_finds_a_sound_installation_sound() {
    lobby(async |lobby| {
        let certificate = concat!(env!("CARGO_MANIFEST_DIR"), "/it/mail/localhost.pem");
        let (said, findings) = doctor(&lobby.database, &[("LOBBY__DOCTOR__CERTIFICATE", certificate)]).await;
        // How full the disk is depends on the machine that tests.
        assert!(said.well || state(&findings, "disk") == "failed", "{said:?}");
        for check in ["database", "clock", "schema", "storage"] {
            assert_eq!(state(&findings, check), "ok", "{findings}");
        }
        assert_eq!(state(&findings, "backup"), "warning");
        assert_eq!(state(&findings, "mail"), "skipped");
        assert!(["ok", "skipped"].contains(&state(&findings, "certificate").as_str()));
        // For people: a line each, and what mends it.
        let said = lobby_command(&["doctor"], Some(&lobby.database), &[]).await;
        assert!(said.output.contains("mend: run `lobby backup create --verify`"), "{said:?}");
    });
}

#[test]
fn the_doctor_names_what_fails_and_what_mends_it() {
    run(async {
        let cluster = Cluster::get().await;
        let database = cluster.create().await;
        database.execute("DELETE FROM lobby_migrations_project WHERE version LIKE 'm0002%'").await;
        let nobody = free_port();
        let folder = TempDir::new().unwrap();
        // Neither a folder nor to be made one, for whomever.
        std::fs::write(folder.path().join("media"), "in the way").unwrap();
        let (smtp, redis) = (format!("smtp://127.0.0.1:{nobody}"), format!("redis://127.0.0.1:{nobody}"));
        let variables = [
            ("LOBBY__DATA_DIR", folder.path().to_str().unwrap()),
            ("LOBBY__MAIL__TRANSPORT", "smtp"),
            ("LOBBY__MAIL__SMTP_URL", smtp.as_str()),
            ("LOBBY__REDIS__URL", redis.as_str()),
            ("LOBBY__DOCTOR__CERTIFICATE", "/nothing/here.pem"),
        ];
        let (said, findings) = doctor(&database, &variables).await;
        assert!(!said.well && said.errors.contains("checks failed"), "{said:?}");
        for check in ["schema", "storage", "mail", "redis"] {
            assert_eq!(state(&findings, check), "failed", "{findings}");
        }
        assert_eq!(state(&findings, "database"), "ok");
        assert!(["failed", "skipped"].contains(&state(&findings, "certificate").as_str()));

        let gone = Database { url: format!("postgres://lobby:very-secret@127.0.0.1:{nobody}/x"), name: "x".to_owned() };
        let (said, findings) = doctor(&gone, &[("LOBBY__DATABASE__ACQUIRE_SECONDS", "1")]).await;
        assert!(!said.well);
        assert_eq!(state(&findings, "database"), "failed");
        assert!(!said.output.contains("very-secret"));
        cluster.remove(&database).await;
    });
}

#[test]
fn a_plan_of_the_migration_shows_what_it_would_do_and_does_nothing() {
    run(async {
        let cluster = Cluster::get().await;
        let database = cluster.create().await;
        let said = lobby_command(&["migrate", "--plan"], Some(&database), &[]).await;
        assert!(said.well && said.output.contains("up to date"), "{said:?}");

        let name = format!("{}_empty", database.name);
        database.execute(&format!("CREATE DATABASE {name}")).await;
        let empty = Database { url: database.url.replace(&database.name, &name), name };
        let said = lobby_command(&["migrate", "--plan"], Some(&empty), &[]).await;
        assert!(said.well && said.output.contains("-- accounts/m0000_module_tables\n"), "{said:?}");
        assert!(said.output.contains("CREATE TABLE"));
        assert_eq!(empty.number("SELECT count(*) FROM pg_tables WHERE schemaname NOT LIKE 'pg%' AND schemaname <> 'information_schema'").await, 0);
        cluster.remove(&empty).await;
        cluster.remove(&database).await;
    });
}

#[test]
fn a_step_gives_up_waiting_for_a_table_in_use_and_comes_back() {
    run(async {
        let cluster = Cluster::get().await;
        let database = cluster.create().await;
        // The last step of gallery again, which wants a table that somebody has.
        let mut holder = database.connect().await;
        database.execute("DELETE FROM lobby_migrations_mail").await;
        database.execute("DROP SCHEMA mail CASCADE").await;
        database.execute("CREATE SCHEMA mail").await;
        sqlx::raw_sql("BEGIN; LOCK TABLE lobby_migrations_mail IN ACCESS EXCLUSIVE MODE")
            .execute(&mut holder)
            .await
            .unwrap();
        let url = database.url.clone();
        let migrating = tokio::spawn(async move { migration::migrate(&url, "mail").await });
        let waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep(2%' \
                     AND state = 'active' AND pid <> pg_backend_pid()";
        super::eventually("it gave up waiting", async || database.number(waits).await == 1).await;
        sqlx::raw_sql("ROLLBACK").execute(&mut holder).await.unwrap();
        let applied = migrating.await.unwrap().unwrap();
        assert_eq!(applied, ["mail/m0000_module_tables", "mail/m0000_claim_key"]);
        drop(holder);
        cluster.remove(&database).await;
    });
}

#[test]
fn health_is_asked_where_the_server_listens() {
    lobby(async |lobby| {
        let listen = lobby.base().trim_start_matches("http://").to_owned();
        let said = lobby_command(&["health"], None, &[("LOBBY__SERVER__LISTEN", &listen)]).await;
        assert!(said.well, "{said:?}");
        let nobody = format!("127.0.0.1:{}", free_port());
        let said = lobby_command(&["health"], None, &[("LOBBY__SERVER__LISTEN", &nobody)]).await;
        assert!(!said.well && said.errors.contains("can't be asked"), "{said:?}");
        let wrong = lobby_command(&["health"], None, &[("LOBBY__SERVER__LISTEN", "unix:relative.sock")]).await;
        assert!(!wrong.well && wrong.errors.contains("server.listen"), "{wrong:?}");
    });
}
