//! Writes that race the end of their right: none is committed after it.

use std::time::{Duration, Instant};

use futures_util::future::{join, join_all};
use serde_json::json;
use sqlx::{Connection, Executor};

use super::{create, dismiss, include, project, role};
use crate::harness::{Answer, Client, Database, Lobby, lobby};

/// Changes a project several times at once, while something else happens. No change may be made once that was answered:
/// the version read then is the last.
///
/// Where the right is in another database than the project (`is_apart`), a write that had begun may still be committed after
/// (decision 9): then the last version is the one when all that had begun were answered.
async fn race(
    owner: &Client,
    person: &Client,
    path: &str,
    round: usize,
    end: impl Future<Output = ()>,
    is_apart: bool,
) -> [usize; 2] {
    let writes = (0..4).map(|number| {
        let body = json!({ "name": format!("Round {round} {number}") });
        async move { person.patch(path, body).await }
    });
    let ending = async {
        end.await;
        let version = owner.get(path).await.expect(200).json["version"].clone();
        person.patch(path, json!({ "name": "Too late" })).await.problem(404, "not_found");
        version
    };
    let (answers, version) = join(join_all(writes), ending).await;
    let version = if is_apart { owner.get(path).await.expect(200).json["version"].clone() } else { version };
    person.patch(path, json!({ "name": "Far too late" })).await.problem(404, "not_found");
    let last = owner.get(path).await.expect(200);
    assert_eq!(last.json["version"], version, "a write was committed after the right to it had ended");
    let (done, refused): (Vec<Answer>, Vec<Answer>) = answers.into_iter().partition(|answer| answer.status == 200);
    for answer in &refused {
        let told = (answer.status.as_u16(), answer.json["code"].as_str());
        assert!(matches!(told, (403, Some("permission_changed")) | (404, Some("not_found"))), "{told:?}");
    }
    [done.len(), refused.len()]
}

#[test]
fn no_write_is_committed_after_the_end_of_a_membership() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let person = lobby.member(&owner, &workspace, "admin").await;
        let path = format!("/projects/{}", project(&owner, &workspace, "Contested").await);
        let mut outcomes = [0, 0];
        for round in 0..100 {
            let end = dismiss(&owner, &workspace, &person.user);
            let [done, refused] = race(&owner, &person, &path, round, end, lobby.database.is_apart()).await;
            outcomes = [outcomes[0] + done, outcomes[1] + refused];
            lobby.seat(&workspace, &person.user, "admin").await;
        }
        let updates = "SELECT count(*) FROM project.outbox WHERE action = 'project.updated'";
        assert_eq!(lobby.database.number(updates).await, i64::try_from(outcomes[0]).unwrap());
    });
}

#[test]
fn no_write_is_committed_after_the_end_of_a_part_in_the_project() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let editor = json!({ "can_view_projects": "assigned", "can_edit_projects": "assigned" });
        role(&owner, &workspace, "editor", editor).await;
        let person = lobby.member(&owner, &workspace, "editor").await;
        let id = project(&owner, &workspace, "Contested").await;
        let path = format!("/projects/{id}");
        for round in 0..100 {
            include(&owner, &id, &person.user).await;
            let member = format!("{path}/members/{}", person.user);
            let end = async {
                owner.delete(&member).await.expect(204);
            };
            race(&owner, &person, &path, round, end, false).await;
        }
    });
}

/// A lock on a project's row, so that requests queue up in a known order.
async fn hold(database: &Database, project: &str) -> sqlx::PgConnection {
    let mut connection = database.connect_to("project").await;
    let sql = format!("SELECT 1 FROM project.projects WHERE id = '{project}' FOR UPDATE");
    connection.execute("BEGIN").await.unwrap();
    connection.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
    connection
}

/// Looks until so many statements wait for a lock.
async fn until_waiting(lobby: &Lobby, count: i64) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while lobby.database.waiting_for_locks().await != count {
        assert!(Instant::now() < deadline, "{count} never waited");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// What a write answers that waits for a lock on the project behind a change that ends its right.
async fn late<T>(
    lobby: &Lobby,
    project: &str,
    change: impl Future<Output = T>,
    write: impl Future<Output = Answer>,
) -> (T, Answer) {
    let lock = hold(&lobby.database, project).await;
    let writing = async {
        until_waiting(lobby, 1).await;
        write.await
    };
    let releasing = async {
        until_waiting(lobby, 2).await;
        lock.close().await.unwrap();
    };
    let (changed, (answer, ())) = join(change, join(writing, releasing)).await;
    (changed, answer)
}

#[test]
fn a_write_that_waited_for_the_end_of_its_right_is_refused() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let editor = json!({ "can_view_projects": true, "can_edit_projects": "assigned" });
        role(&owner, &workspace, "editor", editor).await;
        let person = lobby.member(&owner, &workspace, "editor").await;
        for end in ["remove", "switch off"] {
            let id = project(&owner, &workspace, "Contested").await;
            let (path, member) = (format!("/projects/{id}"), format!("/projects/{id}/members/{}", person.user));
            include(&owner, &id, &person.user).await;
            let ending = async {
                match end {
                    "remove" => owner.delete(&member).await.expect(204),
                    _ => owner.patch(&member, json!({ "is_active": false })).await.expect(200),
                }
            };
            let write = person.patch(&path, json!({ "name": "Too late" }));
            late(lobby, &id, ending, write).await.1.problem(403, "permission_changed");
            assert_eq!(owner.get(&path).await.expect(200).json["name"], "Contested", "{end}");
        }
    });
}

#[test]
fn a_write_that_waited_while_the_project_became_private_is_refused() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        for (name, private, status) in [("blind", false, 403), ("seeing", true, 200)] {
            let editor = json!({
                "can_view_projects": true, "can_edit_projects": true, "can_view_private_projects": private,
            });
            role(&owner, &workspace, name, editor).await;
            let person = lobby.member(&owner, &workspace, name).await;
            let id = create(&owner, &workspace, json!({ "name": "Public", "is_public": true })).await.id();
            let path = format!("/projects/{id}");
            let closing = owner.patch(&path, json!({ "is_public": false }));
            let write = person.patch(&path, json!({ "name": "Changed" }));
            let (closed, answer) = late(lobby, &id, closing, write).await;
            closed.expect(200);
            answer.expect(status);
        }
    });
}

#[test]
fn an_owner_who_waited_for_the_handover_no_longer_writes_as_one() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("devhub").await;
        let person = lobby.member(&owner, &workspace, "verified_developer").await;
        let id = project(&person, &workspace, "Handed over").await;
        let path = format!("/projects/{id}");
        let handing = async { owner.put(&format!("{path}/owner"), json!({ "user_id": owner.user })).await };
        let (handed, answer) = late(lobby, &id, handing, person.delete(&path)).await;
        handed.expect(200);
        answer.problem(403, "permission_changed");
        assert_eq!(owner.get(&path).await.expect(200).text("owner_id"), owner.user);
    });
}

#[test]
fn the_end_of_a_platform_role_waits_for_a_write_that_rests_on_it() {
    lobby(async |lobby| {
        if !lobby.database.is_one_or("a write holds what it rests on only where that is in its own database") {
            return;
        }
        let (owner, workspace) = lobby.workspace("lobby").await;
        let platform = lobby.person().await;
        let user = kernel::ids::UserId(platform.user.parse().unwrap());
        lobby.services().provision().ensure_platform_admin(user).await.unwrap();
        let id = project(&owner, &workspace, "Contested").await;
        let path = format!("/projects/{id}");
        let lock = hold(&lobby.database, &id).await;
        let ending = async {
            until_waiting(lobby, 1).await;
            lobby.database.execute("DELETE FROM workspace.platform_members").await;
        };
        let releasing = async {
            // The write for the project, and the end of the role for the write.
            until_waiting(lobby, 2).await;
            lock.close().await.unwrap();
        };
        let change = json!({ "name": "In time" });
        let (answer, _) = join(platform.patch(&path, change), join(ending, releasing)).await;
        answer.expect(200);
        assert_ne!(platform.patch(&path, json!({ "name": "Too late" })).await.status, 200);
        assert_eq!(owner.get(&path).await.expect(200).json["name"], "In time");
    });
}
