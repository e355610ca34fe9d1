//! Two instances are replaced one after the other under load, with a step of the schema between: no request fails, and
//! nothing that was acknowledged is lost.

use super::{
    Front, Supervised, Supervisor, eventually, free_port,
    load::{FASTER, Load},
    nginx,
    remote::Remote,
};
use crate::harness::{Cluster, Database, lobby_command, run};

/// The step that is applied while both serve. It is the newest of the table that the load writes, and one that needs its
/// lock: it builds indexes.
const STEP: &str = "project/m0003_search";

/// Makes the database what the version before left: without that step, and with enough rows for it to take a while. The
/// program of that version is not at hand; what serves is the newest, begun before, and uses nothing of the step here.
async fn step_back(database: &Database) {
    database.execute("DROP FUNCTION project.search").await;
    for index in ["projects_by_text", "projects_by_activity", "projects_by_publicity"] {
        database.execute(&format!("DROP INDEX project.{index}")).await;
    }
    let rows = "INSERT INTO project.projects (id, workspace_id, key, name, description, owner_id, created_at, updated_at) \
                SELECT gen_random_uuid(), '01a20253-a872-7956-a1e3-bceb84ccaed7', 'K' || n, 'Project ' || n, \
                       repeat(md5(n::text) || ' ', 8), gen_random_uuid(), now(), now() \
                FROM generate_series(1, 20000) AS n";
    database.execute(rows).await;
    database.execute("DELETE FROM lobby_migrations_project WHERE version = 'm0003_search'").await;
}

/// Applies the step, as an upgrade begins, while the load goes on.
async fn migrate(database: &Database, load: &Load) {
    let before = load.answered();
    let said = lobby_command(&["migrate"], Some(database), &[]).await;
    assert!(said.well && said.output.contains(STEP), "{said:?}");
    eventually("the load goes on", async || load.answered() > before + 50).await;
}

#[test]
fn two_instances_on_sockets_are_replaced_with_a_step_of_the_schema_between() {
    let Some(nginx) = nginx() else { return };
    run(async {
        let database = Cluster::get().await.create().await;
        let first = Supervisor::open(&database, &[("LOBBY__DATABASE__MAX_CONNECTIONS", "12")]);
        let second = first.beside("second.sock");
        let (mut one, mut other) = (first.start().await, second.start().await);
        step_back(&database).await;
        let server = format!("server unix:{} fail_timeout=0;", second.socket.display());
        let shipped = [
            FASTER,
            ("# zone lobby 64k;", "zone lobby 64k;"),
            ("# least_conn;", "least_conn;"),
            ("# server unix:/run/lobby/second.sock fail_timeout=0;", server.as_str()),
        ];
        let front = Front::of(nginx, &first.socket, &shipped).await;
        let load = Load::begin(&front, &Front::client()).await;
        eventually("there is a load", async || load.answered() > 200).await;

        migrate(&database, &load).await;
        let mut meanwhile = 0;
        for _ in 0..2 {
            one = replace(&first, one, &load, &mut meanwhile).await;
            other = replace(&second, other, &load, &mut meanwhile).await;
        }
        println!("{meanwhile} requests were answered while one of the two was away");
        assert!(meanwhile > 0);
        load.end(&database, "Two instances on sockets, each replaced twice").await;
        one.stop().await;
        other.stop().await;
        drop(front);
        Cluster::get().await.remove(&database).await;
    });
}

/// As `systemctl restart` does it: the old one ends, then the new one starts; who called it waits in its socket's queue.
async fn replace(supervisor: &Supervisor, serving: Supervised, load: &Load, meanwhile: &mut usize) -> Supervised {
    serving.stop().await;
    let ended = load.answered();
    let next = supervisor.start().await;
    let started = load.answered();
    *meanwhile += started - ended;
    eventually("the load goes on", async || load.answered() > started + 200).await;
    next
}

#[test]
fn two_instances_on_ports_are_drained_and_replaced_with_a_step_of_the_schema_between() {
    let Some(nginx) = nginx() else { return };
    run(async {
        let database = Cluster::get().await.create().await;
        let supervisor = Supervisor::open(&database, &[]);
        let one = Remote::start(&supervisor, free_port(), &[]).await;
        let other = Remote::start(&supervisor, free_port(), &[]).await;
        step_back(&database).await;
        let line = |port: u16| format!("server 127.0.0.1:{port}");
        let (nobody, both) = (
            format!("server unix:{} fail_timeout=0;", supervisor.socket.display()),
            format!("{};\n    {};", line(one.port), line(other.port)),
        );
        let shipped = [FASTER, (nobody.as_str(), both.as_str())];
        let front = Front::of(nginx, &supervisor.socket, &shipped).await;
        // A connection for each request: nginx closes idle ones when it is told of a change, whoever is about to use them.
        let builder = reqwest::Client::builder().tls_danger_accept_invalid_certs(true).pool_max_idle_per_host(0);
        let load = Load::begin(&front, &builder.build().unwrap()).await;
        eventually("there is a load", async || load.answered() > 100).await;

        migrate(&database, &load).await;
        let mut serving = Vec::new();
        for instance in [one, other] {
            let (port, before) = (instance.port, load.answered());
            let (up, down) = (format!("{};", line(port)), format!("{} down;", line(port)));
            front.reload(&up, &down).await;
            instance.stop().await;
            serving.push(Remote::start(&supervisor, port, &[]).await);
            front.reload(&down, &up).await;
            assert!(load.answered() > before, "the other one answers meanwhile");
        }
        let before = load.answered();
        eventually("the load goes on", async || load.answered() > before + 100).await;
        load.end(&database, "Two instances on ports, each drained and replaced").await;
        for instance in serving {
            instance.stop().await;
        }
        drop(front);
        Cluster::get().await.remove(&database).await;
    });
}
