//! The list of projects as a file: the same rows in the same order, whole, and harmless in a spreadsheet.

use serde_json::{Value, json};

use super::create;
use crate::{
    activity::{breaks_off, rows},
    harness::lobby,
};

#[test]
fn an_export_has_what_the_list_has_in_its_order() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        for (key, name, is_public) in
            [("ONE", "Delta, first", true), ("TWO", "Alpha \"two\"", false), ("TRE", "Delat", true)]
        {
            create(&owner, &workspace, json!({ "key": key, "name": name, "is_public": is_public })).await;
            lobby.clock.advance(chrono::Duration::minutes(1));
        }
        for query in ["", "sort=name", "is_public=true", "search=delta", "search=delta&sort=created_at", "owner=nobody"]
        {
            let listed = owner.get(&format!("/projects?{query}")).await.expect(200);
            let file = owner.get(&format!("/projects/export?{query}")).await.expect(200);
            assert_eq!(file.json, listed.json["items"], "{query}");
            assert_eq!(file.header("content-disposition"), "attachment; filename=\"projects.json\"");
            let file = owner.get(&format!("/projects/export?format=csv&{query}")).await.expect(200);
            assert_eq!(file.header("content-type"), "text/csv; charset=utf-8; header=present");
            let table = rows(std::str::from_utf8(&file.bytes).unwrap());
            let keys: Vec<&str> = table[1..].iter().map(|row| row[2].as_str()).collect();
            assert_eq!(keys, listed.each("key"), "{query}");
        }
        for (query, pointer) in [
            ("format=xml", "?format"),
            ("colour=red", "?colour"),
            ("is_active=maybe&format=csv", "?is_active"),
            ("cursor=AAAA", "?cursor"),
            ("sort=key", "?sort"),
        ] {
            owner.get(&format!("/projects/export?{query}")).await.faults(&[pointer]);
        }
    });
}

#[test]
fn an_export_is_whole_however_long_and_no_cell_of_it_is_a_formula() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        // Stretches end within rows that were made at the same instant.
        let many = format!(
            "INSERT INTO project.projects (id, workspace_id, key, name, owner_id, created_at, updated_at) \
             SELECT gen_random_uuid(), '{workspace}', 'K' || n, 'Project ' || n, '{}', \
             now() - n % 5 * interval '1 hour', now() FROM generate_series(1, 1700) n",
            owner.user
        );
        lobby.database.execute(&many).await;
        for name in ["=HYPERLINK(\"http://evil\")", "+1", "-1", "@SUM(A1)"] {
            create(&owner, &workspace, json!({ "name": name })).await;
        }
        let file = owner.get("/projects/export?format=csv").await.expect(200);
        let table = rows(std::str::from_utf8(&file.bytes).unwrap());
        assert_eq!(table.len(), 1 + 1704);
        let ids: std::collections::BTreeSet<&String> = table[1..].iter().map(|row| &row[0]).collect();
        assert_eq!(ids.len(), 1704);
        assert!(table.iter().flatten().all(|cell| !cell.starts_with(['=', '+', '-', '@'])));
        assert!(table.iter().any(|row| row[3] == "'=HYPERLINK(\"http://evil\")"));
        let file = owner.get("/projects/export").await.expect(200);
        assert_eq!(file.json.as_array().map(Vec::len), Some(1704));
        assert!(file.json.as_array().unwrap().iter().any(|project: &Value| project["name"] == "@SUM(A1)"));
    });
}

#[test]
fn an_export_is_for_whom_the_list_is_for() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("gallery").await;
        let (stranger, _) = lobby.workspace("gallery").await;
        let member = lobby.member(&owner, &workspace, "company_user").await;
        let path = format!("/projects/export?workspace={workspace}");
        member.get(&path).await.problem(403, "permission_denied");
        stranger.get(&path).await.problem(404, "not_found");
        lobby.anonymous().get(&path).await.problem(401, "unauthenticated");
        assert_eq!(lobby.person().await.get("/projects/export").await.expect(200).json, json!([]));
    });
}

#[test]
fn an_export_that_is_being_sent_breaks_off_where_the_right_to_it_ends() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let many = format!(
            "INSERT INTO project.projects (id, workspace_id, key, name, description, owner_id, created_at, updated_at) \
             SELECT gen_random_uuid(), '{workspace}', 'K' || n, 'Project ' || n, repeat('word ', 800), '{}', now(), now() \
             FROM generate_series(1, 8000) n",
            owner.user
        );
        lobby.database.execute(&many).await;
        for query in ["", "?workspace=lobby"] {
            let reader = lobby.member(&owner, &workspace, "admin").await;
            let path = format!("/projects/export{}", query.replace("lobby", &workspace));
            assert!(!breaks_off(&reader, &path, async || ()).await);
            // Of all workspaces, those that are left go on: so the session ends.
            let end = async || {
                if query.is_empty() {
                    reader.act("/auth/logout").await.expect(204);
                } else {
                    owner.delete(&format!("/workspaces/{workspace}/members/{}", reader.user)).await.expect(204);
                }
            };
            assert!(breaks_off(&reader, &path, end).await);
        }
    });
}
