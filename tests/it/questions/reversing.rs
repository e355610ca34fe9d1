//! Who may do something, and what a member may do.

use std::collections::BTreeSet;

use serde_json::json;

use super::{ask, project, role};
use crate::harness::{Client, lobby};

async fn who(by: &Client, workspace: &str, query: &str) -> BTreeSet<String> {
    let (mut all, mut cursor) = (BTreeSet::new(), String::new());
    loop {
        let path = format!("/workspaces/{workspace}/who-may?limit=2&{query}{cursor}");
        let page = by.get(&path).await.expect(200).json;
        for item in page["items"].as_array().unwrap() {
            assert!(all.insert(item["user_id"].as_str().unwrap().to_owned()), "told twice: {item}");
        }
        let Some(next) = page["next"].as_str() else { return all };
        cursor = format!("&cursor={next}");
    }
}

#[test]
fn who_may_is_everyone_to_whom_check_says_yes_and_nobody_else() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let grants = json!({ "can_view_projects": "assigned", "can_edit_projects": "own", "can_view_images": true });
        role(&owner, &workspace, "maker", grants).await;
        role(&owner, &workspace, "editor", json!({ "can_edit_projects": true })).await;
        let grants = json!({ "can_view_projects": true, "can_edit_projects": "assigned", "can_edit_images": "own", "can_view_images": true });
        role(&owner, &workspace, "helper", grants).await;
        let mut people = vec![owner.clone()];
        for role in ["admin", "user", "client", "maker", "editor", "helper", "helper", "client", "maker"] {
            people.push(lobby.member(&owner, &workspace, role).await);
        }
        let suspended = lobby.member(&owner, &workspace, "admin").await;
        owner.act(&format!("/workspaces/{workspace}/members/{}/deactivate", suspended.user)).await.expect(200);

        let open = project(&owner, &workspace, "Open", true).await;
        let closed = project(&owner, &workspace, "Closed", false).await;
        for person in [&people[3], &people[4], &people[6]] {
            for project in [&open, &closed] {
                let body = json!({ "user_id": person.user });
                owner.post(&format!("/projects/{project}/members"), body).await.expect(201);
            }
        }
        let handed = project(&owner, &workspace, "Handed", false).await;
        owner.put(&format!("/projects/{handed}/owner"), json!({ "user_id": people[4].user })).await.expect(200);
        let image = owner.upload(&workspace, crate::harness::picture(7), "A picture").await.expect(201).id();

        let mut told = 0;
        let subjects = [
            ("project", open.as_str(), &["can_view_projects", "can_edit_projects", "can_delete_projects"][..]),
            ("project", &closed, &["can_view_projects", "can_edit_projects"]),
            ("project", &handed, &["can_view_projects", "can_edit_projects"]),
            ("image", &image, &["can_view_images", "can_edit_images", "can_review_images"]),
            ("workspace", &workspace, &["can_view_workspace", "can_delete_workspace", "can_edit_workspace"]),
        ];
        for (kind, id, permissions) in subjects {
            for permission in permissions {
                let mut expected = BTreeSet::new();
                for person in people.iter().chain([&suspended]) {
                    let answer = ask(&owner, &workspace, permission, Some((kind, id)), Some(person)).await.expect(200);
                    if answer.json["allowed"] == true {
                        expected.insert(person.user.clone());
                    }
                }
                let query = format!("permission={permission}&kind={kind}&resource={id}");
                assert_eq!(who(&owner, &workspace, &query).await, expected, "{permission} of {kind} {id}");
                told += expected.len();
            }
        }
        assert!(told > 30, "{told}");
        let administrators: BTreeSet<_> = people[..2].iter().map(|person| person.user.clone()).collect();
        assert_eq!(who(&owner, &workspace, "permission=can_manage_roles").await, administrators);
        assert_eq!(
            who(&owner, &workspace, "permission=can_delete_workspace").await,
            BTreeSet::from([owner.user.clone()])
        );
    });
}

#[test]
fn who_may_is_asked_by_those_who_see_members_and_roles_and_of_what_they_see() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let user = lobby.member(&owner, &workspace, "user").await;
        role(&owner, &workspace, "porter", json!({ "can_view_members": true })).await;
        let porter = lobby.member(&owner, &workspace, "porter").await;
        let hidden = project(&owner, &workspace, "Hidden", false).await;
        let path = format!("/workspaces/{workspace}/who-may");
        let query = format!("{path}?permission=can_edit_projects&kind=project&resource={hidden}");
        owner.get(&query).await.expect(200);
        user.get(&query).await.faults(&["?resource"]);
        let refused = porter.get(&query).await.problem(403, "permission_denied");
        assert_eq!(refused.json["permission"], "can_view_roles");
        lobby.person().await.get(&query).await.problem(404, "not_found");

        // What lies in another workspace is none of this one's, whoever sees both.
        let body = json!({ "name": "Second", "blueprint": "lobby" });
        let second = owner.post("/workspaces", body).await.expect(201).id();
        let elsewhere = project(&owner, &second, "Elsewhere", true).await;
        let query = format!("permission=can_edit_projects&kind=project&resource={elsewhere}");
        owner.get(&format!("/workspaces/{second}/who-may?{query}")).await.expect(200);
        owner.get(&format!("{path}?{query}")).await.faults(&["?resource"]);

        owner.get(&path).await.faults(&["?permission"]);
        owner.get(&format!("{path}?permission=can_fly")).await.faults(&["?permission"]);
        owner.get(&format!("{path}?permission=can_edit_projects&kind=project")).await.faults(&["?resource"]);
        owner.get(&format!("{path}?permission=can_edit_projects&resource={hidden}")).await.faults(&["?kind"]);
        owner.get(&format!("{path}?permission=can_edit_projects&kind=project&resource=x")).await.faults(&["?resource"]);
        owner
            .get(&format!("{path}?permission=can_edit_projects&kind=image&resource={hidden}"))
            .await
            .faults(&["?permission"]);
        owner
            .get(&format!("{path}?permission=can_view_profiles&kind=user&resource={}", owner.user))
            .await
            .faults(&["?kind"]);
    });
}

#[test]
fn what_a_member_holds_is_what_they_are_told_themselves() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("devhub").await;
        let developer = lobby.member(&owner, &workspace, "developer").await;
        let path = format!("/workspaces/{workspace}/members/{}/permissions", developer.user);
        let told = owner.get(&path).await.expect(200).json;
        let own = developer.get(&format!("/workspaces/{workspace}/permissions")).await.expect(200).json;
        assert_eq!(told, own);
        assert_eq!(told["limits"]["max_projects"]["value"], 1);
        // Developers see neither members nor roles.
        developer.get(&path).await.problem(404, "not_found");

        owner.act(&format!("/workspaces/{workspace}/members/{}/deactivate", developer.user)).await.expect(200);
        let told = owner.get(&path).await.expect(200).json;
        assert_eq!((&told["grants"], &told["role"]), (&json!({}), &json!(null)));
    });
}
