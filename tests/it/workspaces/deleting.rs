//! Deleting a workspace: by its owner, who means it, and at once for everybody.

use serde_json::json;

use super::{STATE, events};
use crate::harness::{lobby, picture};

#[test]
fn a_workspace_is_deleted_by_its_owner_who_repeats_its_name() {
    lobby(async |lobby| {
        let owner = lobby.person().await;
        let workspace = owner.post("/workspaces", json!({ "name": "Our Team & Co" })).await.expect(201).id();
        let administrator = lobby.member(&owner, &workspace, "admin").await;
        let path = format!("/workspaces/{workspace}");
        let before = lobby.database.number(STATE).await;
        let refused = owner.delete(&path).await.faults(&["/confirm"]);
        assert_eq!(refused.json["errors"][0]["code"], "not_confirmed");
        for wrong in ["our team & co", "Our Team", "Our Team & Co "] {
            let body = json!({ "confirm": wrong });
            owner.call(reqwest::Method::DELETE, &path, Some(&body)).await.faults(&["/confirm"]);
        }
        owner.delete(&format!("{path}?confirm=yes")).await.faults(&["/confirm"]);
        owner.delete(&format!("{path}?force=true")).await.expect(422);
        let confirmed = format!("{path}?confirm=Our%20Team%20%26%20Co");
        let denied = administrator.delete(&confirmed).await.problem(403, "permission_denied");
        assert_eq!((&denied.json["permission"], &denied.json["held"]), (&json!("can_delete_workspace"), &json!("own")));
        assert_eq!(lobby.database.number(STATE).await, before);
        owner.delete(&confirmed).await.expect(204);
        owner.delete(&confirmed).await.problem(404, "not_found");
        assert_eq!(events(lobby, "deleted").await, 1);
    });
}

#[test]
fn a_deleted_workspace_is_gone_at_once_for_everybody_with_all_that_is_in_it() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let (administrator, user) =
            (lobby.member(&owner, &workspace, "admin").await, lobby.member(&owner, &workspace, "user").await);
        let body = json!({ "workspace": workspace, "name": "P", "is_public": true });
        let project = owner.post("/projects", body).await.expect(201).id();
        let image = owner.upload(&workspace, picture(1), "i").await.expect(201).id();
        let path = format!("/workspaces/{workspace}");
        let slug = owner.get(&path).await.expect(200).text("slug");
        let role = owner.get(&format!("{path}/roles")).await.expect(200).items()[1]["id"].clone();
        let role = format!("/roles/{}", role.as_str().unwrap());
        let paths = [
            path.clone(),
            format!("/workspaces/{slug}"),
            format!("{path}/members"),
            format!("{path}/members/{}", user.user),
            format!("{path}/roles"),
            format!("{path}/permissions"),
            format!("/roles?workspace={workspace}"),
            role.clone(),
            format!("/projects/{project}"),
            format!("/projects/{project}/members"),
            format!("/projects?workspace={workspace}"),
            format!("/images/{image}"),
            format!("/images/{image}/content"),
            format!("/images?workspace={workspace}"),
            format!("/users?workspace={workspace}"),
        ];
        for path in &paths {
            administrator.get(path).await.expect(200);
        }
        let rows = "SELECT (SELECT count(*) FROM workspace.roles) + (SELECT count(*) FROM workspace.members) \
            + (SELECT count(*) FROM project.projects) + (SELECT count(*) FROM gallery.images)";
        let before = lobby.database.number(rows).await;
        owner.delete(&format!("{path}?confirm=A%20lobby%20workspace")).await.expect(204);
        for caller in [&owner, &administrator, &user] {
            for path in &paths {
                caller.get(path).await.problem(404, "not_found");
            }
            for list in ["/workspaces", "/projects", "/images", "/roles"] {
                assert_eq!(caller.get(list).await.expect(200).json["items"], json!([]), "{list}");
            }
            caller.patch(&path, json!({ "name": "Back" })).await.problem(404, "not_found");
            caller.patch(&role, json!({ "title": "Back" })).await.problem(404, "not_found");
            caller.patch(&format!("/projects/{project}"), json!({ "name": "Back" })).await.problem(404, "not_found");
            caller.delete(&format!("{path}/members/me")).await.problem(404, "not_found");
            caller.act(&format!("{path}/join")).await.problem(404, "not_found");
        }
        assert_eq!(lobby.database.number(rows).await, before, "it can be brought back, so everything is kept");
        lobby.person().await.post("/workspaces", json!({ "name": "New", "slug": slug })).await.expect(201);
    });
}
