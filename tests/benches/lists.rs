//! What a page of a list costs with a hundred times as many rows: projects and the audit, at 1,000 and at 100,000, side by
//! side; and which indexes PostgreSQL used for each filter, by its own account of the statements that the program sent.
//!
//! Run by `make bench`, or as it is built for tests by `cargo test -p tests --bench lists`. It fails where a filter reads
//! a whole table.

#![allow(
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    dead_code,
    unused_imports,
    reason = "a benchmark that panics has done its work, and shares what the tests have"
)]

#[path = "../it/harness/mod.rs"]
mod harness;

use std::{
    collections::BTreeSet,
    io::{Read, Seek, SeekFrom},
    time::{Duration, Instant},
};

use harness::{Client, Cluster, Lobby, PASSWORD, lobby};

const SIZES: [i64; 2] = [1_000, 100_000];
/// Requests of each kind that are timed.
const TIMED: usize = 20;

/// What is asked for; `{member}` is somebody who owns and takes part in a few, `{project}` one of the projects.
const QUERIES: &[(&str, &str)] = &[
    ("first page", "/projects?workspace={workspace}"),
    ("by name", "/projects?workspace={workspace}&sort=name"),
    ("by change", "/projects?workspace={workspace}&sort=-updated_at"),
    ("developer", "/projects?workspace={workspace}&developer={member}"),
    ("owner", "/projects?workspace={workspace}&owner={member}"),
    ("name", "/projects?workspace={workspace}&name=falcon+quartz"),
    ("is_active=false", "/projects?workspace={workspace}&is_active=false"),
    ("is_public=true", "/projects?workspace={workspace}&is_public=true"),
    ("created_after", "/projects?workspace={workspace}&created_after={recently}"),
    ("search, a rare word", "/projects?workspace={workspace}&search=xylophone"),
    ("search, mistyped", "/projects?workspace={workspace}&search=xylohpone"),
    ("search, two words", "/projects?workspace={workspace}&search=falcon+quartz"),
    ("search, a word that 1 in 7 has", "/projects?workspace={workspace}&search=falcon"),
    ("search, a word that all have", "/projects?workspace={workspace}&search=team"),
    ("search, found nowhere", "/projects?workspace={workspace}&search=zzzzzz"),
    ("audit", "/workspaces/{workspace}/audit"),
    ("audit, actor", "/workspaces/{workspace}/audit?actor={member}"),
    ("audit, action", "/workspaces/{workspace}/audit?action=thing.rare"),
    ("audit, actions of a module", "/workspaces/{workspace}/audit?action=rare"),
    ("audit, kind", "/workspaces/{workspace}/audit?resource=rarity"),
    ("audit, one thing", "/workspaces/{workspace}/audit?resource={project}"),
    ("audit, a span", "/workspaces/{workspace}/audit?from={recently}"),
    ("audit of a project", "/projects/{project}/audit"),
    ("activity of a member", "/users/{member}/activity"),
];

/// A workspace of some size.
struct Place {
    workspace: String,
    member: String,
    project: String,
    recently: String,
}

impl Place {
    fn path(&self, query: &str) -> String {
        query
            .replace("{workspace}", &self.workspace)
            .replace("{member}", &self.member)
            .replace("{project}", &self.project)
            .replace("{recently}", &self.recently)
    }
}

fn main() {
    lobby(async |lobby| {
        let owner = lobby.person().await;
        let mut places = Vec::new();
        for rows in SIZES {
            places.push(fill(lobby, &owner, rows).await);
        }
        for table in ["project.projects", "project.members", "activity.events"] {
            lobby.database.execute(&format!("VACUUM ANALYZE {table}")).await;
        }
        println!("Milliseconds for a page of 50 as a client sees it, median and 95th percentile of {TIMED}.\n");
        println!("| | 1,000: p50 | p95 | 100,000: p50 | p95 |\n|---|---|---|---|---|");
        for (name, query) in QUERIES {
            let mut cells = Vec::new();
            for place in &places {
                let path = place.path(query);
                owner.get(&path).await.expect(200);
                let mut times = Vec::new();
                for _ in 0..TIMED {
                    let begin = Instant::now();
                    owner.get(&path).await.expect(200);
                    times.push(begin.elapsed());
                }
                times.sort();
                let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize].as_secs_f64() * 1000.0;
                cells.push(format!("{:.1} | {:.1}", at(0.5), at(0.95)));
            }
            println!("| {name} | {} |", cells.join(" | "));
        }
        plans(lobby, &owner, &places[1]).await;
    });
}

/// Makes a workspace with so many projects and entries of its audit. Only reading is timed, so the entries are no chain: to
/// append so many in one transaction would take its versions of the chain's end one after another.
async fn fill(lobby: &Lobby, owner: &Client, rows: i64) -> Place {
    let body = serde_json::json!({ "name": format!("{rows} rows"), "blueprint": "lobby" });
    let workspace = owner.post("/workspaces", body).await.expect(201).id();
    let member = lobby.member(owner, &workspace, "user").await.user;
    lobby.services().settle().await.unwrap();
    let words = "ARRAY['website','inventory','payroll','migration','redesign','warehouse','customer','portal','mobile',\
        'billing','analytics','pipeline','delivery','platform','security','archive','campaign','training','research',\
        'logistics','atlas','harbour','meadow','quartz','sapphire','falcon','juniper','cobalt','ember','willow']";
    let fill = format!(
        "INSERT INTO project.projects \
             (id, workspace_id, key, name, description, owner_id, is_public, is_active, created_at, updated_at) \
         SELECT gen_random_uuid(), '{workspace}', 'K' || n, initcap(a[1 + n * 7 % 30]) || ' ' || a[1 + n * 13 / 30 % 30] \
             || CASE n WHEN 77 THEN ' xylophone' ELSE '' END, \
             a[1 + n * 11 / 7 % 30] || ' and ' || a[1 + n * 17 / 77 % 30] || ' for the ' || a[1 + n * 19 / 55 % 30] || ' team', \
             CASE WHEN n % ({rows} / 100) = 0 THEN '{member}'::uuid ELSE '{owner}'::uuid END, n % 20 = 0, n % 50 <> 0, \
             now() - n * interval '1 minute', now() - n * interval '30 seconds' \
         FROM generate_series(1, {rows}) n, (SELECT {words} AS a) w; \
         INSERT INTO project.members (project_id, workspace_id, user_id, added_at, updated_at) \
         SELECT id, workspace_id, owner_id, created_at, created_at FROM project.projects \
         WHERE workspace_id = '{workspace}'; \
         ALTER TABLE activity.events DISABLE TRIGGER events_append; \
         INSERT INTO activity.events (workspace_id, seq, id, actor_id, as_platform, action, resource_kind, resource_id, \
             changes, facts, at, hash) \
         SELECT workspace_id, 1000 + row_number() OVER (), gen_random_uuid(), owner_id, false, \
             CASE WHEN key LIKE '%77' THEN 'thing.rare' WHEN key LIKE '%78' THEN 'rare.thing' ELSE 'project.created' END, \
             CASE WHEN key LIKE '%79' THEN 'rarity' ELSE 'project' END, id, \
             jsonb_build_object('name', jsonb_build_object('from', null, 'to', name)), '{{}}', created_at, sha256(id::text::bytea) \
         FROM project.projects WHERE workspace_id = '{workspace}'; \
         ALTER TABLE activity.events ENABLE TRIGGER events_append",
        owner = owner.user
    );
    lobby.database.execute(&fill).await;
    let project = owner.get(&format!("/projects?workspace={workspace}&limit=1")).await.expect(200);
    let recently = project.items()[0]["created_at"].as_str().unwrap().replace('+', "%2B");
    let recently = recently.get(..16).map_or(recently.clone(), |minute| format!("{minute}:00Z"));
    Place { workspace, member, project: project.each("id")[0].to_owned(), recently }
}

/// Prints which indexes each query used, as PostgreSQL logged it while the program ran it.
async fn plans(lobby: &Lobby, owner: &Client, place: &Place) {
    for setting in [
        "session_preload_libraries = 'auto_explain'",
        "auto_explain.log_min_duration = 0",
        "auto_explain.log_analyze = on",
        "auto_explain.log_nested_statements = on",
    ] {
        let name = &lobby.database.name;
        lobby.database.execute(&format!("LOAD 'auto_explain'; ALTER DATABASE {name} SET {setting}")).await;
    }
    // Its connections are opened with that.
    let explained = Lobby::on(lobby.database.clone(), &[]).await;
    let email = owner.get("/users/me").await.expect(200).text("email");
    let caller = explained.anonymous().sign_in(&email, PASSWORD).await;
    println!("\nThe indexes that were used with 100,000 rows, by EXPLAIN (ANALYZE) of what the program sent.\n");
    println!("| | indexes |\n|---|---|");
    let log = Cluster::get().await.log_file();
    let mut whole = Vec::new();
    for (name, query) in QUERIES {
        let path = place.path(query);
        caller.get(&path).await.expect(200);
        let mut file = std::fs::File::open(&log).unwrap();
        let begin = file.seek(SeekFrom::End(0)).unwrap();
        caller.get(&path).await.expect(200);
        tokio::time::sleep(Duration::from_millis(200)).await;
        file.seek(SeekFrom::Start(begin)).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        let words: Vec<&str> = text.split_whitespace().collect();
        let of_lists = |word: &str| ["projects_", "members_", "events_"].iter().any(|table| word.starts_with(table));
        let indexes: BTreeSet<&str> = words
            .windows(2)
            .filter(|pair| ["using", "on"].contains(&pair[0]) && of_lists(pair[1]))
            .map(|pair| pair[1])
            .collect();
        println!("| {name} | {} |", indexes.iter().copied().collect::<Vec<_>>().join(", "));
        let reads_all =
            ["projects", "members", "events"].iter().any(|table| text.contains(&format!("Seq Scan on {table}")));
        // Where every row matches, to read them all is right.
        if indexes.is_empty() || (reads_all && !name.ends_with("all have")) {
            whole.push(format!("{name}: {text}"));
        }
    }
    explained.stop_serving().await;
    assert!(whole.is_empty(), "these read a whole table:\n{}", whole.join("\n"));
}
