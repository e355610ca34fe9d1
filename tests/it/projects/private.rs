//! Private projects: seen by their owner, by those who take part, and by holders of `can_view_private_projects`.

use serde_json::json;

use super::{create, include, project, role};
use crate::harness::{Client, lobby};

/// Whether someone can open a project; the list must say the same.
async fn sees(caller: &Client, workspace: &str, project: &str) -> bool {
    let answer = caller.get(&format!("/projects/{project}")).await;
    let seen = answer.status == 200;
    if !seen {
        answer.problem(404, "not_found");
    }
    for path in [format!("/projects?workspace={workspace}"), "/projects".to_owned()] {
        let listed = caller.get(&path).await.expect(200);
        assert_eq!(listed.each("id").contains(&project), seen, "{path} disagrees with the project itself");
    }
    let members = caller.get(&format!("/projects/{project}/members")).await;
    assert_eq!(members.status == 200, seen, "the members disagree with the project itself");
    seen
}

#[test]
fn a_private_project_is_for_its_own_and_for_holders_of_the_right_to_see_it() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let auditor = json!({ "can_view_projects": true, "can_view_private_projects": true });
        role(&owner, &workspace, "auditor", auditor).await;
        let narrow = json!({ "can_view_projects": "assigned", "can_view_private_projects": true });
        role(&owner, &workspace, "narrow", narrow).await;
        role(&owner, &workspace, "blind", json!({ "can_view_private_projects": true, "can_view_workspace": true }))
            .await;

        let partaker = lobby.member(&owner, &workspace, "user").await;
        let holder = lobby.member(&owner, &workspace, "user").await;
        let body = json!({ "name": "Private", "owner_id": holder.user });
        let hidden = create(&owner, &workspace, body).await.id();
        include(&owner, &hidden, &partaker.user).await;
        let open = create(&owner, &workspace, json!({ "name": "Open", "is_public": true })).await.id();

        for (role, private, public) in
            [("admin", true, true), ("auditor", true, true), ("user", false, true), ("narrow", false, false)]
        {
            let caller = lobby.member(&owner, &workspace, role).await;
            assert_eq!(sees(&caller, &workspace, &hidden).await, private, "{role}");
            assert_eq!(sees(&caller, &workspace, &open).await, public, "{role}");
        }
        assert!(sees(&holder, &workspace, &hidden).await, "its owner");
        assert!(sees(&partaker, &workspace, &hidden).await, "who takes part");

        // A right to the private ones alone reaches none: they would have to be seen at all.
        let blind = lobby.member(&owner, &workspace, "blind").await;
        blind.get(&format!("/projects/{hidden}")).await.problem(404, "not_found");
        let refusal = blind.get("/projects").await.problem(403, "permission_denied");
        assert_eq!(refusal.json["permission"], "can_view_projects");
        assert_eq!(refusal.json["held"], "none");
    });
}

#[test]
fn a_private_project_that_others_may_edit_is_hidden_from_them_all_the_same() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        role(&owner, &workspace, "editor", json!({ "can_view_projects": true, "can_edit_projects": true })).await;
        let editor = lobby.member(&owner, &workspace, "editor").await;
        let hidden = project(&owner, &workspace, "Hidden").await;
        let path = format!("/projects/{hidden}");
        editor.patch(&path, json!({ "name": "Found" })).await.problem(404, "not_found");
        owner.patch(&path, json!({ "is_public": true })).await.expect(200);
        editor.patch(&path, json!({ "name": "Found" })).await.expect(200);
        owner.patch(&path, json!({ "is_public": false })).await.expect(200);
        editor.patch(&path, json!({ "name": "Lost" })).await.problem(404, "not_found");
        assert!(!sees(&editor, &workspace, &hidden).await);
    });
}
