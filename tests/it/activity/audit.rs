//! The audit of a workspace and of a project: who changed what from what to what, on whose behalf, and who may know.

use chrono::Duration;
use serde_json::{Value, json};

use super::{actions, entries, project};
use crate::harness::lobby;

fn change<'a>(entry: &'a Value, field: &str) -> &'a Value {
    let changes = entry["changes"].as_array().unwrap();
    changes.iter().find(|change| change["field"] == field).unwrap_or_else(|| panic!("no {field} in {entry}"))
}

#[test]
fn a_projects_audit_tells_who_changed_which_field_from_what_to_what() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let other = lobby.member(&owner, &workspace, "admin").await;
        let id = project(&owner, &workspace, "Before").await;
        let unrelated = project(&owner, &workspace, "Unrelated").await;
        let path = format!("/projects/{id}");
        let edit = json!({ "name": "After", "description": "Told", "is_public": true });
        other.patch(&path, edit).await.expect(200);
        // What changes nothing is no change.
        other.patch(&path, json!({ "name": "After" })).await.expect(200);
        owner.post(&format!("{path}/members"), json!({ "user_id": other.user })).await.expect(201);
        owner.put(&format!("{path}/owner"), json!({ "user_id": other.user })).await.expect(200);
        owner.act(&format!("{path}/deactivate")).await.expect(200);

        let told = entries(lobby, &owner, &format!("{path}/audit")).await;
        let expected = [
            "project.deactivated",
            "project.owner_changed",
            "project.member_added",
            "project.updated",
            "project.created",
        ];
        assert_eq!(actions(&told), expected);
        let updated = &told[3];
        assert_eq!(updated["actor_id"], other.user.as_str());
        assert_eq!((&updated["resource_kind"], &updated["resource_id"]), (&json!("project"), &json!(id)));
        assert_eq!((&updated["as_platform"], &updated["token_id"]), (&json!(false), &json!(null)));
        let expected = json!([
            { "field": "name", "from": "Before", "to": "After", "withheld": false },
            { "field": "is_public", "from": false, "to": true, "withheld": false },
            { "field": "description", "from": "", "to": "Told", "withheld": false },
        ]);
        let mut changes: Vec<&Value> = updated["changes"].as_array().unwrap().iter().collect();
        changes.sort_by_key(|change| change["field"].as_str().map(str::len));
        assert_eq!(json!(changes), expected);
        assert_eq!(change(&told[1], "owner_id")["to"], other.user.as_str());
        assert_eq!(told[2]["facts"], json!({ "user_id": other.user }));
        assert_eq!(change(&told[4], "name")["from"], Value::Null);
        assert!(told.iter().all(|entry| entry["resource_id"] != unrelated.as_str()));

        // Its span is half open.
        let at = |entry: &Value| entry["at"].as_str().unwrap().replace('+', "%2B");
        let span = format!("{path}/audit?from={}&to={}", at(&told[3]), at(&told[1]));
        assert_eq!(actions(&entries(lobby, &owner, &span).await), ["project.member_added", "project.updated"]);
    });
}

#[test]
fn it_is_told_on_whose_behalf_something_was_done() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let id = project(&owner, &workspace, "Behalf").await;
        let path = format!("/projects/{id}");
        let grants = json!({ "can_view_projects": true, "can_edit_projects": true });
        let made = owner.post("/users/me/tokens", json!({ "name": "CI", "permissions": grants })).await.expect(201);
        let (program, token) = (owner.with_token(&made.text("token")), made.id());
        program.patch(&path, json!({ "name": "By a program" })).await.expect(200);
        let platform = lobby.person().await;
        let make = format!(
            "WITH role AS (INSERT INTO workspace.roles (id, name, title, permissions, created_at, updated_at) \
             VALUES (gen_random_uuid(), 'platform-admin', 'Platform', '{{\"*\": true}}', now(), now()) RETURNING id) \
             INSERT INTO workspace.platform_members (user_id, role_id, created_at) \
             SELECT '{}', id, now() FROM role",
            platform.user
        );
        lobby.database.execute(&make).await;
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
        while platform.patch(&path, json!({ "name": "By the platform" })).await.status != 200 {
            assert!(std::time::Instant::now() < deadline, "the platform's role is never known");
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        // Whoever leaves the workspace leaves its projects: the program does that.
        let member = lobby.member(&owner, &workspace, "user").await;
        owner.post(&format!("{path}/members"), json!({ "user_id": member.user })).await.expect(201);
        owner.delete(&format!("/workspaces/{workspace}/members/{}", member.user)).await.expect(204);
        lobby.services().settle().await.unwrap();

        let told = entries(lobby, &owner, &format!("{path}/audit")).await;
        let find = |action: &str| -> Vec<&Value> { told.iter().filter(|entry| entry["action"] == action).collect() };
        let [by_platform, by_program] = find("project.updated")[..] else { panic!("{told:?}") };
        assert_eq!((&by_program["actor_id"], &by_program["token_id"]), (&json!(owner.user), &json!(token)));
        assert_eq!(by_program["facts"], json!({}), "the token has a member of its own");
        assert_eq!((&by_platform["actor_id"], &by_platform["as_platform"]), (&json!(platform.user), &json!(true)));
        let removed = find("project.member_removed")[0];
        assert_eq!((&removed["actor_id"], removed["system_actor"].is_string()), (&Value::Null, true));
    });
}

#[test]
fn a_workspaces_audit_has_exactly_what_the_filters_say() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let other = lobby.person().await;
        lobby.seat(&workspace, &other.user, "admin").await;
        other.patch("/users/me", json!({ "username": "mona" })).await.expect(200);
        lobby.clock.advance(Duration::minutes(1));
        let id = project(&other, &workspace, "Filtered").await;
        lobby.clock.advance(Duration::minutes(1));
        owner.patch(&format!("/projects/{id}"), json!({ "name": "Later" })).await.expect(200);
        lobby.clock.advance(Duration::minutes(1));
        owner.patch(&format!("/workspaces/{workspace}"), json!({ "description": "D" })).await.expect(200);

        let path = format!("/workspaces/{workspace}/audit");
        let all = entries(lobby, &owner, &path).await;
        let shown = [
            "workspace.updated",
            "project.updated",
            "project.created",
            "workspace.member_added",
            "workspace.member_added",
            "workspace.created",
        ];
        assert_eq!(actions(&all), shown);
        let at = |entry: &Value| entry["at"].as_str().unwrap().replace('+', "%2B");
        let (created, changed) = (at(&all[2]), at(&all[1]));
        for (query, expected) in [
            (format!("actor={}", other.user), &["project.created"][..]),
            ("actor=MONA".to_owned(), &["project.created"]),
            ("actor=nobody".to_owned(), &[]),
            (format!("actor={}", uuid::Uuid::now_v7()), &[]),
            ("action=project.updated".to_owned(), &["project.updated"]),
            ("action=project".to_owned(), &["project.updated", "project.created"]),
            ("action=proj".to_owned(), &[]),
            ("action=project.".to_owned(), &[]),
            (format!("resource={id}"), &["project.updated", "project.created"]),
            ("resource=project".to_owned(), &["project.updated", "project.created"]),
            ("resource=member".to_owned(), &["workspace.member_added", "workspace.member_added"]),
            (format!("from={changed}"), &["workspace.updated", "project.updated"]),
            (format!("to={created}"), &["workspace.member_added", "workspace.member_added", "workspace.created"]),
            (format!("from={created}&to={changed}"), &["project.created"]),
            (format!("actor={}&resource={id}", owner.user), &["project.updated"]),
        ] {
            assert_eq!(actions(&entries(lobby, &owner, &format!("{path}?{query}")).await), expected, "{query}");
        }
        for (query, pointer) in [
            ("from=yesterday", "?from"),
            ("colour=red", "?colour"),
            ("format=xml", "?format"),
            ("limit=0", "?limit"),
            ("cursor=AAAA", "?cursor"),
            ("action=a%00", "?action"),
        ] {
            owner.get(&format!("{path}?{query}")).await.faults(&[pointer]);
        }
    });
}

#[test]
fn pages_of_an_audit_lose_and_double_nothing_while_it_grows() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        for number in 0..12 {
            project(&owner, &workspace, &format!("Project {number}")).await;
        }
        let path = format!("/workspaces/{workspace}/audit");
        let before: Vec<i64> =
            entries(lobby, &owner, &path).await.iter().map(|entry| entry["seq"].as_i64().unwrap()).collect();
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = owner.get(&format!("{path}?limit=3{cursor}")).await.expect(200);
            seen.extend(page.items().iter().map(|entry| entry["seq"].as_i64().unwrap()));
            project(&owner, &workspace, "Meanwhile").await;
            lobby.services().settle().await.unwrap();
            let Some(next) = page.json["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(seen, before);
    });
}

#[test]
fn an_audit_is_for_whoever_may_read_it_and_nobody_else() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("devhub").await;
        let (stranger, elsewhere) = lobby.workspace("devhub").await;
        let developer = lobby.member(&owner, &workspace, "developer").await;
        let public = json!({ "workspace": workspace, "name": "Public", "is_public": true });
        let public = owner.post("/projects", public).await.expect(201).id();
        let hidden = project(&owner, &workspace, "Hidden").await;
        let mine = project(&developer, &workspace, "Mine").await;
        let foreign = project(&stranger, &elsewhere, "Foreign").await;
        lobby.services().settle().await.unwrap();

        let of = |id: &str| format!("/projects/{id}/audit");
        let whole = format!("/workspaces/{workspace}/audit");
        for id in [&public, &mine] {
            let refusal = developer.get(&of(id)).await.problem(403, "permission_denied");
            assert_eq!(refusal.json["permission"], "can_view_audit");
        }
        developer.get(&of(&hidden)).await.problem(404, "not_found");
        developer.get(&whole).await.problem(403, "permission_denied");
        for (caller, path) in [(&stranger, of(&public)), (&stranger, whole.clone()), (&owner, of(&foreign))] {
            caller.get(&path).await.problem(404, "not_found");
        }
        lobby.anonymous().get(&whole).await.problem(401, "unauthenticated");
        owner.get(&of(&hidden)).await.expect(200);

        // Nothing of one workspace is in another's, and a role with the one permission is enough.
        let told = entries(lobby, &stranger, &format!("/workspaces/{elsewhere}/audit")).await;
        assert!(told.iter().all(|entry| entry["workspace_id"] == elsewhere.as_str()), "{told:?}");
        let body = json!({ "name": "auditor", "permissions": { "can_view_audit": true } });
        owner.post(&format!("/workspaces/{workspace}/roles"), body).await.expect(201);
        let auditor = lobby.member(&owner, &workspace, "auditor").await;
        assert!(entries(lobby, &auditor, &whole).await.len() > 4);
        auditor.get(&of(&public)).await.problem(404, "not_found");
    });
}

#[test]
fn an_audit_costs_one_statement_and_a_projects_one_more() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let id = project(&owner, &workspace, "Counted").await;
        let statements = lobby.statements().await;
        let whole = format!("/workspaces/{workspace}/audit");
        for (path, cost) in [
            (whole.clone(), 1),
            (format!("{whole}?action=project&resource=project"), 1),
            (format!("/projects/{id}/audit"), 2),
        ] {
            let (answer, seen) = statements.settled(cost, async || owner.get(&path).await).await;
            answer.expect(200);
            assert_eq!(seen.len(), cost, "GET {path} sent {seen:#?}");
        }
    });
}

#[test]
fn who_somebody_is_never_gets_into_the_log() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("gallery").await;
        let body =
            json!({ "workspace": workspace, "email": "secretive@example.org", "password": crate::harness::PASSWORD });
        let person = owner.post("/users", body).await.expect(201).id();
        let name = json!({ "first_name": "Zebediah", "last_name": "Quux", "username": "zebquux" });
        owner.patch(&format!("/users/{person}"), name).await.expect(200);
        let profile = json!({ "bio": "Quiet bio", "national_id": "756.9217.0769.85" });
        owner.patch(&format!("/profiles/{}", owner.user), profile).await.expect(200);
        owner.post("/users/me/phone", json!({ "phone": "+41446681800" })).await.expect(202);
        lobby.services().settle().await.unwrap();

        let told = entries(lobby, &owner, &format!("/workspaces/{workspace}/audit?action=accounts.user_updated")).await;
        let withheld = json!({ "field": "first_name", "from": null, "to": null, "withheld": true });
        assert_eq!(change(&told[0], "first_name"), &withheld);
        let everything = "SELECT string_agg(e::text, ' ') FROM activity.events e";
        let mut connection = lobby.database.connect_to("activity").await;
        let everything: String = sqlx::query_scalar(everything).fetch_one(&mut connection).await.unwrap();
        assert!(everything.contains("accounts.phone_code_requested") && everything.contains("first_name"));
        let attempt: String = sqlx::query_scalar(
            "SELECT changes->>'attempt_id' FROM accounts.outbox WHERE action = 'accounts.phone_code_requested'",
        )
        .fetch_one(&mut lobby.database.connect_to("accounts").await)
        .await
        .unwrap();
        for secret in ["Zebediah", "Quux", "zebquux", "secretive", "756.9217", "44668", "Quiet bio", &attempt] {
            assert!(!everything.contains(secret), "{secret} is in the log");
        }
    });
}
