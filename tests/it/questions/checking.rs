//! `POST /workspaces/{id}/check`: the answer is what the guard would say, and names nothing that may not be seen.

use serde_json::json;

use super::{ask, project, role};
use crate::harness::{Client, lobby};

#[test]
fn an_answer_explains_itself() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let permissions = json!({
            "can_view_workspace": true, "can_view_projects": true, "can_create_projects": true,
            "can_edit_projects": "own", "*": false,
        });
        role(&owner, &workspace, "maker", permissions).await;
        let maker = lobby.member(&owner, &workspace, "maker").await;
        let (theirs, ours) =
            (project(&maker, &workspace, "Mine", true).await, project(&owner, &workspace, "Yours", true).await);

        let own = ask(&maker, &workspace, "can_edit_projects", Some(("project", &theirs)), None).await.expect(200).json;
        assert_eq!(own["allowed"], true);
        assert_eq!(own["reason"], "granted");
        assert_eq!((&own["relation"], &own["held"], &own["needed"]), (&json!("own"), &json!("own"), &json!("own")));
        assert_eq!((&own["role"], &own["source"]), (&json!("maker"), &json!("can_edit_projects")));
        maker.patch(&format!("/projects/{theirs}"), json!({ "name": "Mine still" })).await.expect(200);

        let other = ask(&maker, &workspace, "can_edit_projects", Some(("project", &ours)), None).await.expect(200).json;
        assert_eq!((&other["allowed"], &other["reason"]), (&json!(false), &json!("scope_too_narrow")));
        assert_eq!(
            (&other["relation"], &other["held"], &other["needed"]),
            (&json!("other"), &json!("own"), &json!("any"))
        );
        let refused = maker.patch(&format!("/projects/{ours}"), json!({ "name": "Mine now" })).await;
        let refused = refused.problem(403, "permission_denied").json;
        for member in ["permission", "held", "needed", "relation", "role"] {
            assert_eq!(refused[member], other[member], "{member}");
        }

        let none =
            ask(&maker, &workspace, "can_delete_projects", Some(("project", &theirs)), None).await.expect(200).json;
        assert_eq!((&none["allowed"], &none["reason"]), (&json!(false), &json!("not_granted")));
        assert_eq!((&none["held"], &none["source"]), (&json!("none"), &json!(null)), "nothing in the role grants it");

        let wildcard = ask(&owner, &workspace, "can_edit_projects", Some(("project", &theirs)), None).await.expect(200);
        assert_eq!((&wildcard.json["source"], &wildcard.json["role"]), (&json!("*"), &json!("admin")));
    });
}

#[test]
fn without_a_resource_it_is_asked_about_the_workspace_or_nothing_in_particular() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("devhub").await;
        let developer = lobby.member(&owner, &workspace, "developer").await;
        let verified = lobby.member(&owner, &workspace, "verified_developer").await;
        let allowed = async |by, permission| {
            ask(by, &workspace, permission, None, None).await.expect(200).json["allowed"].clone()
        };
        assert_eq!(allowed(&developer, "can_create_projects").await, true);
        assert_eq!(allowed(&developer, "can_manage_roles").await, false);
        assert_eq!(allowed(&developer, "can_view_workspace").await, true);
        // Held for one's own only, it doesn't reach everything.
        assert_eq!(allowed(&verified, "can_edit_projects").await, false);
        assert_eq!(allowed(&owner, "can_delete_workspace").await, true);
        let admin = lobby.member(&owner, &workspace, "admin").await;
        let answer = ask(&admin, &workspace, "can_delete_workspace", None, None).await.expect(200).json;
        assert_eq!(
            (&answer["allowed"], &answer["reason"], &answer["needed"]),
            (&json!(false), &json!("scope_too_narrow"), &json!("own"))
        );
        let body = json!({ "confirm": "x" });
        let refused = admin.call(reqwest::Method::DELETE, &format!("/workspaces/{workspace}"), Some(&body)).await;
        let refused = refused.problem(403, "permission_denied").json;
        assert_eq!((&refused["needed"], &refused["relation"]), (&json!("own"), &json!("assigned")));
    });
}

#[test]
fn others_are_asked_about_by_those_who_see_members_and_roles() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let user = lobby.member(&owner, &workspace, "user").await;
        let client = lobby.member(&owner, &workspace, "client").await;
        let hidden = project(&owner, &workspace, "Hidden", false).await;

        let answer = ask(&owner, &workspace, "can_view_projects", Some(("project", &hidden)), Some(&client)).await;
        let answer = answer.expect(200).json;
        assert_eq!((&answer["allowed"], &answer["reason"]), (&json!(false), &json!("not_visible")));
        client.get(&format!("/projects/{hidden}")).await.problem(404, "not_found");

        owner.post(&format!("/projects/{hidden}/members"), json!({ "user_id": client.user })).await.expect(201);
        let answer = ask(&owner, &workspace, "can_view_projects", Some(("project", &hidden)), Some(&client)).await;
        assert_eq!(answer.expect(200).json["relation"], "assigned");
        client.get(&format!("/projects/{hidden}")).await.expect(200);

        // A user sees members and roles, but not this project: it is not told of, whoever is asked about.
        for who in [None, Some(&client)] {
            let answer = ask(&user, &workspace, "can_view_projects", Some(("project", &hidden)), who).await;
            let there = answer.problem(422, "validation_failed").json;
            let nowhere = "01890000-0000-7000-8000-000000000000";
            let answer = ask(&user, &workspace, "can_view_projects", Some(("project", nowhere)), who).await;
            let not_there = answer.problem(422, "validation_failed").json;
            assert_eq!(there["errors"], not_there["errors"]);
            assert_eq!(there["detail"], not_there["detail"]);
        }

        // A client sees neither members nor roles.
        let refused = ask(&client, &workspace, "can_view_projects", None, Some(&user)).await;
        assert_eq!(refused.problem(403, "permission_denied").json["permission"], "can_view_members");

        let place = format!("/workspaces/{workspace}/members/{}", client.user);
        owner.act(&format!("{place}/deactivate")).await.expect(200);
        let answer = ask(&owner, &workspace, "can_view_workspace", None, Some(&client)).await.expect(200).json;
        assert_eq!((&answer["allowed"], &answer["reason"]), (&json!(false), &json!("holds_nothing")));
        assert_eq!(answer["role"], json!(null));
    });
}

#[test]
fn strangers_are_not_asked_about_and_don_t_ask() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let (other_owner, other) = lobby.workspace("lobby").await;
        let theirs = project(&other_owner, &other, "Theirs", true).await;
        ask(&other_owner, &workspace, "can_view_workspace", None, None).await.problem(404, "not_found");
        ask(&owner.signed_out(), &workspace, "can_view_workspace", None, None).await.problem(401, "unauthenticated");
        let answer = ask(&owner, &workspace, "can_view_projects", Some(("project", &theirs)), None).await;
        answer.problem(422, "validation_failed").faults(&["/resource/id"]);
        ask(&owner, &workspace, "can_view_workspace", None, Some(&other_owner)).await.faults(&["/user_id"]);
        // One's own resource of another workspace is not of this one, either.
        other_owner.get(&format!("/workspaces/{other}")).await.expect(200);
        lobby.member(&other_owner, &other, "user").await;
        let both = lobby.member(&owner, &workspace, "admin").await;
        let body = json!({ "name": "Third" });
        let third = both.post("/workspaces", body).await.expect(201).id();
        let elsewhere = project(&both, &third, "Elsewhere", true).await;
        let answer = ask(&both, &workspace, "can_view_projects", Some(("project", &elsewhere)), None).await;
        answer.problem(422, "validation_failed").faults(&["/resource/id"]);
    });
}

#[test]
fn what_the_platform_gives_others_is_told_to_who_has_it_from_there_too() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        // Someone who has a seat, and the platform's role besides.
        let [asked, asking] = [lobby.member(&owner, &workspace, "client").await, lobby.person().await];
        for person in [&asked, &asking] {
            let user = kernel::ids::UserId(person.user.parse().unwrap());
            lobby.services().provision().ensure_platform_admin(user).await.unwrap();
        }
        let answer = async |by: &Client| {
            ask(by, &workspace, "can_manage_members", None, Some(&asked)).await.expect(200).json["allowed"].clone()
        };
        assert_eq!(answer(&owner).await, json!(false), "to a member the seat is all there is");
        assert_eq!(answer(&asking).await, json!(true));
        assert_eq!(answer(&asked).await, json!(true));
    });
}

#[test]
fn a_question_that_makes_no_sense_is_told_so() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let image = owner.upload(&workspace, crate::harness::picture(3), "A picture").await.expect(201).id();
        let path = format!("/workspaces/{workspace}/check");
        let ask = async |body| owner.post(&path, body).await;
        let unknown = ask(json!({ "permission": "can_edit_project" })).await.faults(&["/permission"]);
        assert!(unknown.json["errors"][0]["detail"].as_str().unwrap().contains("can_edit_projects"));
        let about =
            |kind: &str| json!({ "permission": "can_edit_projects", "resource": { "kind": kind, "id": image } });
        ask(about("picture")).await.faults(&["/resource/kind"]);
        ask(about("image")).await.faults(&["/permission"]);
        ask(json!({ "permission": "can_edit_projects", "resource": { "kind": "project" } }))
            .await
            .faults(&["/resource/id"]);
        ask(json!({ "permission": "can_edit_projects", "resource": { "kind": "project", "id": "x" } }))
            .await
            .faults(&["/resource/id"]);
        ask(json!({})).await.faults(&["/permission"]);
        ask(json!({ "permission": "can_edit_projects", "as": "root" })).await.faults(&["/as"]);
    });
}

#[test]
fn one_s_own_account_is_no_matter_of_roles() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let client = lobby.member(&owner, &workspace, "client").await;
        let answer =
            ask(&client, &workspace, "can_edit_profiles", Some(("user", &client.user)), None).await.expect(200);
        assert_eq!((&answer.json["allowed"], &answer.json["reason"]), (&json!(true), &json!("own_account")));
        let answer = ask(&client, &workspace, "can_view_profiles", Some(("user", &owner.user)), None).await;
        answer.problem(422, "validation_failed").faults(&["/resource/id"]);
        client.get(&format!("/users/{}", owner.user)).await.problem(404, "not_found");
    });
}
