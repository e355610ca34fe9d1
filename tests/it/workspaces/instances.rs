//! Two instances on one database: what one changes the other knows, and writes are exact even before it does.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use serde_json::json;
use sqlx::Row;
use uuid::Uuid;

use super::{STATE, accounts, eventually, membership, role_id};
use crate::harness::{Client, Database, Lobby, Network, PASSWORD, lobby};

/// Runs a test with a second instance on the same database.
fn two_instances(test: impl AsyncFnOnce(&Lobby, &Lobby)) {
    lobby(async |lobby| {
        let second = Lobby::on(lobby.database.clone(), &[]).await;
        test(lobby, &second).await;
        second.stop_serving().await;
    });
}

/// The member of the workspace whom `role` names, as a caller of each of the two instances.
async fn on_both(lobby: &Lobby, second: &Lobby, owner: &Client, workspace: &str, role: &str) -> (Client, Client) {
    let email = format!("{role}@example.org");
    let here = lobby.sign_up(json!({ "email": email, "password": PASSWORD })).await;
    owner.bring(workspace, &here, role).await;
    let mut there = second.anonymous().sign_in(&email, PASSWORD).await;
    there.user.clone_from(&here.user);
    (here, there)
}

#[test]
fn what_one_instance_changes_the_other_knows() {
    two_instances(async |lobby, second| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let (_, there) = on_both(lobby, second, &owner, &workspace, "client").await;
        let (list, path) = (format!("/workspaces/{workspace}/members"), format!("/workspaces/{workspace}"));
        let place = membership(&workspace, &there);
        let answers = async |path: &str, status: u16| there.get(path).await.status == status;
        eventually("a new member is known", async || answers(&path, 200).await).await;
        there.get(&list).await.problem(403, "permission_denied");
        owner.put(&format!("{place}/role"), json!({ "role": "user" })).await.expect(200);
        eventually("another role is known", async || answers(&list, 200).await).await;
        let user = format!("/roles/{}", role_id(&owner, &workspace, "user").await);
        owner.patch(&user, json!({ "permissions": { "can_view_members": null } })).await.expect(200);
        eventually("a narrower role is known", async || answers(&list, 403).await).await;
        owner.act(&format!("{place}/deactivate")).await.expect(200);
        eventually("a suspension is known", async || answers(&path, 404).await).await;
        owner.act(&format!("{place}/activate")).await.expect(200);
        eventually("its end is known", async || answers(&path, 200).await).await;
        owner.patch(&path, json!({ "slug": "moved" })).await.expect(200);
        eventually("a new slug is known", async || answers("/workspaces/moved/permissions", 200).await).await;
        owner.delete(&place).await.expect(204);
        eventually("a removal is known", async || answers(&path, 404).await).await;
    });
}

#[test]
fn what_somebody_changes_in_the_database_itself_is_known_too() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let member = lobby.member(&owner, &workspace, "client").await;
        let (list, path) = (format!("/workspaces/{workspace}/members"), format!("/workspaces/{workspace}"));
        let set = async |change: &str| {
            let sql = format!("UPDATE workspace.members SET {change} WHERE user_id = '{}'", member.user);
            lobby.database.execute(&sql).await;
        };
        let answers = async |path: &str, status: u16| member.get(path).await.status == status;
        member.get(&list).await.problem(403, "permission_denied");
        set(&format!("role_id = '{}'", role_id(&owner, &workspace, "user").await)).await;
        eventually("another role is known", async || answers(&list, 200).await).await;
        let narrowed = "UPDATE workspace.roles SET permissions = permissions - 'can_view_members' WHERE name = 'user'";
        lobby.database.execute(narrowed).await;
        eventually("a narrower role is known", async || answers(&list, 403).await).await;
        set("status = 'suspended'").await;
        eventually("a suspension is known", async || answers(&path, 404).await).await;
        set("status = 'active'").await;
        eventually("its end is known", async || answers(&path, 200).await).await;
        lobby.database.execute(&format!("DELETE FROM workspace.members WHERE user_id = '{}'", member.user)).await;
        eventually("a removal is known", async || answers(&path, 404).await).await;
        let body = format!(
            "INSERT INTO workspace.members (workspace_id, user_id, role_id, status, joined_at, updated_at) \
             SELECT id, '{}', default_role_id, 'active', now(), now() FROM workspace.workspaces",
            member.user
        );
        lobby.database.execute(&body).await;
        eventually("a new member is known", async || answers(&path, 200).await).await;
        lobby.database.execute("UPDATE workspace.workspaces SET deleted_at = now()").await;
        eventually("a deletion is known", async || answers(&path, 404).await).await;
        lobby.database.execute("UPDATE workspace.workspaces SET deleted_at = NULL").await;
        eventually("its return is known", async || answers(&path, 200).await).await;
    });
}

/// Waits until an instance has heard of everything that happened in a workspace so far: notices come in order, and it
/// knows what becomes of somebody, past the program, only by having heard it. What is remembered of others stays.
async fn caught_up(instance: &Lobby, workspace: &str) {
    let email = format!("{}@example.org", Uuid::now_v7().simple());
    let witness = instance.sign_up(json!({ "email": email, "password": PASSWORD })).await;
    instance.seat(workspace, &witness.user, "client").await;
    let path = format!("/workspaces/{workspace}");
    // More than once, as what is read for the first time may be what is to be heard of.
    for (status, answer) in [("suspended", 404), ("active", 200), ("suspended", 404), ("active", 200)] {
        let sql = format!("UPDATE workspace.members SET status = '{status}' WHERE user_id = '{}'", witness.user);
        instance.database.execute(&sql).await;
        eventually("it is known", async || witness.get(&path).await.status == answer).await;
    }
}

/// A change that no trigger tells of: whoever remembers what was before goes on doing so.
async fn silently(database: &Database, sql: &str) {
    database.execute(&format!("SET session_replication_role = replica; {sql}")).await;
}

#[test]
fn a_write_is_refused_after_the_removal_even_where_it_is_not_known_yet() {
    two_instances(async |lobby, second| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let (_, there) = on_both(lobby, second, &owner, &workspace, "admin").await;
        let path = format!("/workspaces/{workspace}");
        let role = role_id(&owner, &workspace, "user").await;
        let project = json!({ "workspace": workspace, "name": "P" });
        caught_up(second, &workspace).await;
        let made = there.post("/projects", project.clone()).await.expect(201).id();

        let removal = format!("DELETE FROM workspace.members WHERE user_id = '{}'", there.user);
        silently(&lobby.database, &removal).await;
        let before = lobby.database.number(STATE).await;
        let projects = "SELECT count(*) FROM project.projects WHERE name = 'P'";
        there.get(&format!("{path}/members")).await.expect(200);
        let gone = "permission_changed";
        there.patch(&path, json!({ "name": "Mine" })).await.problem(403, gone);
        there.post(&format!("{path}/roles"), json!({ "name": "x", "permissions": {} })).await.problem(403, gone);
        there.patch(&format!("/roles/{role}"), json!({ "title": "Mine" })).await.problem(403, gone);
        there.delete(&membership(&workspace, &owner)).await.problem(403, gone);
        let member = json!({ "user_id": accounts(&lobby.database, 1).await[0], "role": "user" });
        there.post(&format!("{path}/members"), member).await.problem(403, gone);
        there.post("/projects", project).await.problem(403, gone);
        there.patch(&format!("/projects/{made}"), json!({ "name": "Q" })).await.problem(403, gone);
        assert_eq!(lobby.database.number(STATE).await, before);
        assert_eq!(lobby.database.number(projects).await, 1);
    });
}

#[test]
fn a_write_is_refused_after_the_role_was_narrowed_even_where_it_is_not_known_yet() {
    two_instances(async |lobby, second| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let (_, there) = on_both(lobby, second, &owner, &workspace, "user").await;
        let user = role_id(&owner, &workspace, "user").await;
        let change = json!({ "permissions": { "can_manage_members": true } });
        owner.patch(&format!("/workspaces/{workspace}"), json!({ "default_role": "client" })).await.expect(200);
        owner.patch(&format!("/roles/{user}"), change).await.expect(200);
        let place = membership(&workspace, &there);
        caught_up(lobby, &workspace).await;
        caught_up(second, &workspace).await;
        for who in [&owner, &there] {
            who.get(&place).await.expect(200);
        }
        let narrowed = format!(
            "UPDATE workspace.roles SET permissions = permissions - 'can_manage_members', version = version + 1 \
             WHERE id = '{user}'"
        );
        silently(&lobby.database, &narrowed).await;
        let before = lobby.database.number(STATE).await;
        there.patch(&place, json!({ "hour_rate": 2 })).await.problem(403, "permission_changed");
        let suspended = format!("UPDATE workspace.members SET status = 'suspended' WHERE user_id = '{}'", owner.user);
        assert_eq!(lobby.database.number(STATE).await, before);
        silently(&lobby.database, &suspended).await;
        let path = format!("/workspaces/{workspace}");
        owner.patch(&path, json!({ "name": "Mine" })).await.problem(403, "permission_changed");
    });
}

/// The connections that listen for changes of what people hold.
async fn listeners(database: &Database) -> Vec<i32> {
    let sql = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() \
               AND query ILIKE '%workspace_standing%' AND pid <> pg_backend_pid()";
    let rows = sqlx::query(sql).fetch_all(&mut database.connect_to("workspace").await).await.unwrap();
    rows.iter().map(|row| row.get("pid")).collect()
}

#[test]
fn a_write_is_refused_after_the_end_of_what_it_rests_on_though_nobody_was_told_of_it() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let member = lobby.member(&owner, &workspace, "admin").await;
        let path = format!("/workspaces/{workspace}");
        caught_up(lobby, &workspace).await;
        let ends = [
            ("members SET expires_at = now() - interval '1 minute'", "members SET expires_at = NULL", &member),
            ("workspaces SET deleted_at = now()", "workspaces SET deleted_at = NULL", &owner),
        ];
        for (end, undo, writer) in ends {
            let project = json!({ "workspace": workspace, "name": "P" });
            let made = writer.post("/projects", project.clone()).await.expect(201).id();
            silently(&lobby.database, &format!("UPDATE workspace.{end}")).await;
            let before = lobby.database.number(STATE).await;
            writer.post("/projects", project).await.problem(403, "permission_changed");
            let change = json!({ "name": "Q" });
            writer.patch(&format!("/projects/{made}"), change).await.problem(403, "permission_changed");
            assert_eq!(lobby.database.number(STATE).await, before);
            silently(&lobby.database, &format!("UPDATE workspace.{undo}")).await;
        }

        let platform = lobby.person().await;
        let user = kernel::ids::UserId(platform.user.parse().unwrap());
        lobby.services().provision().ensure_platform_admin(user).await.unwrap();
        platform.patch(&path, json!({ "description": "seen" })).await.expect(200);
        caught_up(lobby, &workspace).await;
        platform.get(&path).await.expect(200);
        let changed = "UPDATE workspace.roles SET version = version + 1 WHERE workspace_id IS NULL";
        silently(&lobby.database, changed).await;
        platform.patch(&path, json!({ "name": "Mine" })).await.problem(403, "permission_changed");
    });
}

#[test]
fn an_instance_whose_listener_was_cut_does_not_trust_what_it_remembers() {
    lobby(async |lobby| {
        let here = listeners(&lobby.database).await;
        assert_eq!(here.len(), 1);
        let second = Lobby::on(lobby.database.clone(), &[]).await;
        let all = listeners(&lobby.database).await;
        let there: Vec<i32> = all.into_iter().filter(|pid| !here.contains(pid)).collect();
        let [listener] = there[..] else { panic!("the second instance does not listen: {there:?}") };

        let (owner, workspace) = lobby.workspace("lobby").await;
        let (first, member) = on_both(lobby, &second, &owner, &workspace, "user").await;
        let path = format!("/workspaces/{workspace}/members");
        caught_up(lobby, &workspace).await;
        caught_up(&second, &workspace).await;
        member.get(&path).await.expect(200);
        first.get(&path).await.expect(200);
        silently(&lobby.database, &format!("DELETE FROM workspace.members WHERE user_id = '{}'", member.user)).await;
        member.get(&path).await.expect(200);
        lobby.database.number(&format!("SELECT pg_terminate_backend({listener})::int::bigint")).await;
        eventually("what was remembered is forgotten", async || member.get(&path).await.status == 404).await;
        first.get(&path).await.expect(200);

        // It listens again, and is told of what changes from then on.
        eventually("it listens again", async || listeners(&lobby.database).await.len() == 2).await;
        lobby.seat(&workspace, &member.user, "client").await;
        eventually("a new member is known", async || member.get(&path).await.status == 403).await;
        owner.delete(&membership(&workspace, &member)).await.expect(204);
        eventually("a removal is known", async || member.get(&path).await.status == 404).await;
        second.stop_serving().await;
    });
}

#[test]
fn an_instance_that_is_cut_off_silently_stops_trusting_what_it_remembers() {
    lobby(async |lobby| {
        let network = Network::to(&lobby.database).await;
        let modules = network.modules();
        let modules: Vec<_> = modules.iter().map(|(name, url)| (name.as_str(), url.as_str())).collect();
        let second = Lobby::on(network.database.clone(), &modules).await;
        let (owner, workspace) = lobby.workspace("lobby").await;
        let (_, there) = on_both(lobby, &second, &owner, &workspace, "user").await;
        let path = format!("/workspaces/{workspace}/members");
        caught_up(&second, &workspace).await;
        there.get(&path).await.expect(200);

        // No notice reaches it, and no error tells it so.
        network.cut_listeners();
        owner.delete(&membership(&workspace, &there)).await.expect(204);
        eventually("what was remembered is forgotten", async || there.get(&path).await.status == 404).await;
        lobby.seat(&workspace, &there.user, "client").await;
        there.get(&path).await.problem(403, "permission_denied");
        owner.delete(&membership(&workspace, &there)).await.expect(204);
        there.get(&path).await.problem(404, "not_found");
        network.mend();
        second.stop_serving().await;
    });
}

/// Writers on the other instance meet a revocation on this one: none of them gets anything done after it was answered.
#[test]
fn from_the_moment_of_a_revocation_no_write_gets_through_anywhere() {
    const ROUNDS: usize = 12;
    const WRITERS: usize = 12;
    two_instances(async |lobby, second| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let (_, there) = on_both(lobby, second, &owner, &workspace, "admin").await;
        let place = membership(&workspace, &there);
        let written = "SELECT count(*) FROM workspace.outbox WHERE action = 'workspace.updated'";
        let (mut done, mut refused) = (0, 0);
        for round in 0..ROUNDS {
            caught_up(second, &workspace).await;
            let ended = AtomicBool::new(false);
            let path = format!("/workspaces/{workspace}");
            let write = async |writer: usize| {
                let (mut done, mut refused) = (0, 0);
                for count in 0.. {
                    if ended.load(Ordering::SeqCst) && refused > 0 {
                        break;
                    }
                    let body = json!({ "description": format!("{round} {writer} {count}") });
                    match there.patch(&path, body).await.status.as_u16() {
                        200 => done += 1,
                        403 | 404 => refused += 1,
                        status => panic!("{status}"),
                    }
                }
                (done, refused)
            };
            let revoke = async {
                tokio::time::sleep(Duration::from_millis(20)).await;
                match round % 3 {
                    0 => owner.delete(&place).await.expect(204),
                    1 => owner.act(&format!("{place}/deactivate")).await.expect(200),
                    _ => owner.put(&format!("{place}/role"), json!({ "role": "client" })).await.expect(200),
                };
                let at_once = lobby.database.number(written).await;
                ended.store(true, Ordering::SeqCst);
                at_once
            };
            let writers = futures_util::future::join_all((0..WRITERS).map(write));
            let (counts, at_once) = futures_util::future::join(writers, revoke).await;
            assert_eq!(lobby.database.number(written).await, at_once, "something was written after the answer");
            for (some, none) in counts {
                done += some;
                refused += none;
            }
            match round % 3 {
                0 => {
                    owner.bring(&workspace, &there, "admin").await;
                }
                1 => {
                    owner.act(&format!("{place}/activate")).await.expect(200);
                }
                _ => {
                    owner.put(&format!("{place}/role"), json!({ "role": "admin" })).await.expect(200);
                }
            }
        }
        assert!(done > 0 && refused >= ROUNDS * WRITERS, "{done} written, {refused} refused");
    });
}
