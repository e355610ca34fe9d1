//! Founding workspaces: their roles, their owner, their slugs.

use serde_json::{Value, json};

use super::{BLUEPRINTS, STATE, events};
use crate::harness::{Answer, lobby};

#[test]
fn a_workspace_starts_with_exactly_the_roles_of_its_blueprint_and_its_creator_as_owner() {
    lobby(async |lobby| {
        for text in BLUEPRINTS {
            let blueprint: Value = serde_json::from_str(text).unwrap();
            let owner = lobby.person().await;
            let made = owner.post("/workspaces", json!({ "name": "New", "blueprint": blueprint["name"] })).await;
            let made = made.expect(201);
            let path = format!("/workspaces/{}", made.id());
            assert_eq!(made.header("location"), format!("/api/v1{path}"));
            assert_eq!(made.header("etag"), "\"1\"");
            for field in ["owner_role", "default_role", "registration"] {
                assert_eq!(made.json[field], blueprint[field], "{field} of {}", blueprint["name"]);
            }
            assert_eq!(made.json["my_role"], blueprint["owner_role"]);
            assert_eq!(made.json["owner_id"], owner.user);
            assert_eq!(owner.get(&path).await.expect(200).json, made.json, "it reads as it was answered");

            let roles = owner.get(&format!("{path}/roles")).await.expect(200);
            let written = blueprint["roles"].as_array().unwrap();
            assert_eq!(roles.items().len(), written.len());
            for (role, written) in roles.items().iter().zip(written) {
                for field in ["name", "title", "description", "permissions", "promotes_to", "directory"] {
                    assert_eq!(role[field], written[field], "{field} of {}", written["name"]);
                }
                for flag in ["self_assignable", "granted_by_plan"] {
                    assert_eq!(role[flag], written[flag] == true, "{flag} of {}", written["name"]);
                }
                assert_eq!(role["is_default"], written["name"] == blueprint["default_role"]);
                assert_eq!(role["is_administrator"], written["name"] == blueprint["owner_role"]);
            }

            let members = owner.get(&format!("{path}/members")).await.expect(200);
            let [member] = members.items() else { panic!("more than its creator: {}", members.json) };
            assert_eq!(member["user_id"], owner.user);
            assert_eq!((&member["role"], &member["status"]), (&blueprint["owner_role"], &json!("active")));
            assert_eq!(member["is_owner"], true);
        }
        assert_eq!(events(lobby, "created").await, 4);
        assert_eq!(events(lobby, "member_added").await, 4);
    });
}

#[test]
fn without_a_blueprint_it_is_the_lobby_and_an_unknown_one_is_named_with_those_there_are() {
    lobby(async |lobby| {
        let person = lobby.person().await;
        assert_eq!(person.post("/workspaces", json!({ "name": "A" })).await.expect(201).json["blueprint"], "lobby");
        let before = lobby.database.number(STATE).await;
        let refused = person.post("/workspaces", json!({ "name": "B", "blueprint": "loby" })).await;
        let refused = refused.faults(&["/blueprint"]);
        assert_eq!(refused.json["errors"][0]["code"], "unknown_blueprint");
        assert_eq!(refused.json["available"], json!(["crafo", "devhub", "gallery", "lobby"]));
        assert_eq!(lobby.database.number(STATE).await, before);
    });
}

#[test]
fn every_fault_of_a_workspace_is_named_at_once_and_nothing_is_stored() {
    lobby(async |lobby| {
        let person = lobby.person().await;
        let before = lobby.database.number(STATE).await;
        let body = json!({
            "name": " ", "slug": "-a-", "currency": "euro", "description": "x".repeat(2001),
            "avatar": { "emoji": "a", "color": "red" },
        });
        let refused = person.post("/workspaces", body).await.expect(422);
        let errors = refused.json["errors"].as_array().unwrap();
        let mut named: Vec<&str> = errors.iter().map(|fault| fault["pointer"].as_str().unwrap()).collect();
        named.sort_unstable();
        assert_eq!(named, ["/avatar/color", "/avatar/emoji", "/currency", "/description", "/name", "/slug"]);
        person.post("/workspaces", json!({ "name": "A", "colour": "red" })).await.expect(422);
        person.post("/workspaces", json!({ "name": "A", "registration": "public" })).await.expect(422);
        person.post("/workspaces", json!({})).await.expect(422);
        assert_eq!(lobby.database.number(STATE).await, before);
    });
}

fn slug(answer: Answer) -> String {
    answer.expect(201).text("slug")
}

#[test]
fn a_slug_follows_from_the_name_and_is_numbered_when_taken() {
    lobby(async |lobby| {
        let person = lobby.person().await;
        let named = async |name: &str| slug(person.post("/workspaces", json!({ "name": name })).await);
        assert_eq!(named("Acme & Söhne GmbH").await, "acme-soehne-gmbh");
        assert_eq!(named("ACME & Soehne, GmbH").await, "acme-soehne-gmbh-2");
        assert_eq!(named("Acme & Söhne GmbH").await, "acme-soehne-gmbh-3");
        assert_eq!(named("API").await, "api-team", "what would be mistaken for an address is reserved");
        assert_eq!(named("工作室").await, "team");
        let id = uuid::Uuid::now_v7().to_string();
        assert_eq!(named(&id).await, format!("{id}-team"), "what reads as an id would be taken for one");
        person.get("/workspaces/acme-soehne-gmbh-2").await.expect(200);
    });
}

#[test]
fn a_chosen_slug_is_taken_as_it_is_or_refused() {
    lobby(async |lobby| {
        let person = lobby.person().await;
        let with = async |slug: &str| person.post("/workspaces", json!({ "name": "Acme", "slug": slug })).await;
        assert_eq!(slug(with("acme").await), "acme");
        let before = lobby.database.number(STATE).await;
        with("acme").await.problem(409, "slug_taken");
        for reserved in ["api", "me", "admin", "workspaces", &uuid::Uuid::now_v7().to_string()] {
            let refused = with(reserved).await.faults(&["/slug"]);
            assert_eq!(refused.json["errors"][0]["code"], "reserved", "{reserved}");
        }
        for malformed in ["", "Acme", "a_b", "-a", "a-", "a b", "ä", &"a".repeat(64)] {
            let refused = with(malformed).await.faults(&["/slug"]);
            assert_eq!(refused.json["errors"][0]["code"], "invalid_slug", "{malformed}");
        }
        assert_eq!(lobby.database.number(STATE).await, before);
    });
}

#[test]
fn many_of_the_same_name_at_once_all_come_into_being_under_slugs_of_their_own() {
    lobby(async |lobby| {
        let person = lobby.person().await;
        let all = (0..24).map(|_| person.post("/workspaces", json!({ "name": "Rush" })));
        let answers = futures_util::future::join_all(all).await;
        let mut slugs: Vec<String> = answers.into_iter().map(slug).collect();
        slugs.sort_unstable();
        slugs.dedup();
        assert_eq!(slugs.len(), 24);
        assert!(slugs.iter().all(|slug| slug.starts_with("rush")), "{slugs:?}");
    });
}

#[test]
fn of_many_who_want_one_slug_at_once_exactly_one_gets_it() {
    lobby(async |lobby| {
        let person = lobby.person().await;
        let all = (0..24).map(|_| person.post("/workspaces", json!({ "name": "Rush", "slug": "rush" })));
        let answers = futures_util::future::join_all(all).await;
        let (made, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
        assert_eq!(made.len(), 1);
        for answer in refused {
            answer.problem(409, "slug_taken");
        }
        let roles = lobby.database.number("SELECT count(*) FROM workspace.roles").await;
        assert_eq!(roles, 3, "those that were refused left nothing behind");
    });
}
