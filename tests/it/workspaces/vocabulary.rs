//! What can be granted, what the role models grant, and what one holds oneself.

use serde_json::{Value, json};

use super::BLUEPRINTS;
use crate::harness::lobby;

#[test]
fn the_vocabulary_has_every_word_that_the_role_models_use() {
    lobby(async |lobby| {
        let vocabulary = lobby.person().await.get("/permissions").await.expect(200);
        let permissions = vocabulary.items();
        let mut keys: Vec<&str> = vocabulary.each("key");
        let limits: Vec<&str> =
            vocabulary.json["limits"].as_array().unwrap().iter().map(|limit| limit["key"].as_str().unwrap()).collect();
        assert_eq!(limits, ["max_projects"]);
        for text in BLUEPRINTS {
            let blueprint: Value = serde_json::from_str(text).unwrap();
            for role in blueprint["roles"].as_array().unwrap() {
                for key in role["permissions"].as_object().unwrap().keys().filter(|key| *key != "*") {
                    assert!(keys.contains(&key.as_str()) || limits.contains(&key.as_str()), "{key} is not declared");
                }
            }
        }
        let find = |key: &str| permissions.iter().find(|permission| permission["key"] == key).unwrap();
        assert_eq!(find("can_edit_projects")["scopes"], json!(["own", "assigned", "any"]));
        assert_eq!(find("can_delete_workspace")["scopes"], json!(["own"]), "only ever its owner's");
        assert_eq!(find("can_view_members")["scopes"], json!(["any"]));
        assert_eq!(find("can_view_members")["module"], "workspace");
        let governing: Vec<&Value> =
            permissions.iter().filter(|permission| permission["governing"] == true).map(|it| &it["key"]).collect();
        assert_eq!(governing, ["can_manage_members", "can_manage_roles"]);
        assert!(permissions.iter().all(|permission| permission["sentence"].as_str().unwrap().len() > 5));
        let all = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), all, "a key is declared twice");
        lobby.anonymous().get("/permissions").await.problem(401, "unauthenticated");
    });
}

#[test]
fn the_role_models_are_shown_as_they_are_written() {
    lobby(async |lobby| {
        let shown = lobby.person().await.get("/blueprints").await.expect(200);
        assert_eq!(shown.items().len(), BLUEPRINTS.len());
        for (shown, text) in shown.items().iter().zip(BLUEPRINTS) {
            let written: Value = serde_json::from_str(text).unwrap();
            for field in ["name", "title", "description", "owner_role", "default_role", "registration"] {
                assert_eq!(shown[field], written[field]);
            }
            let (roles, written) = (shown["roles"].as_array().unwrap(), written["roles"].as_array().unwrap());
            assert_eq!(roles.len(), written.len());
            for (role, written) in roles.iter().zip(written) {
                for (field, value) in written.as_object().unwrap() {
                    assert_eq!(&role[field], value, "{field} of {}", written["name"]);
                }
            }
        }
        lobby.anonymous().get("/blueprints").await.problem(401, "unauthenticated");
    });
}

#[test]
fn everybody_is_told_exactly_what_their_role_grants_and_by_which_key() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("devhub").await;
        let blueprint: Value = serde_json::from_str(BLUEPRINTS[1]).unwrap();
        let path = format!("/workspaces/{workspace}/permissions");
        for written in &blueprint["roles"].as_array().unwrap()[1..] {
            let role = written["name"].as_str().unwrap();
            let member = lobby.member(&owner, &workspace, role).await;
            let told = member.get(&path).await.expect(200).json;
            assert_eq!((&told["role"], &told["platform_role"]), (&json!(role), &Value::Null));
            assert_eq!((&told["is_owner"], &told["workspace_id"]), (&json!(false), &json!(workspace)));
            let mut expected = json!({ "grants": {}, "limits": {} });
            for (key, value) in written["permissions"].as_object().unwrap() {
                let source = json!({ "role": role, "key": key });
                match value {
                    Value::Bool(true) => expected["grants"][key] = json!({ "scope": "any", "source": source }),
                    Value::String(scope) => expected["grants"][key] = json!({ "scope": scope, "source": source }),
                    number => expected["limits"][key] = json!({ "value": number, "source": source }),
                }
            }
            assert_eq!(told["grants"], expected["grants"]);
            assert_eq!(told["limits"], expected["limits"]);
        }
    });
}

#[test]
fn a_wildcard_is_told_as_the_source_and_what_it_excepts_is_not_granted() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        let told = owner.get(&format!("/workspaces/{workspace}/permissions")).await.expect(200).json;
        assert_eq!(told["is_owner"], true);
        let grants = told["grants"].as_object().unwrap();
        let source = json!({ "role": "admin", "key": "*" });
        assert_eq!(grants["can_manage_members"], json!({ "scope": "any", "source": source }));
        assert_eq!(grants["can_delete_workspace"], json!({ "scope": "own", "source": source }));
        assert!(!grants.contains_key("can_like_images"));
        let vocabulary = owner.get("/permissions").await.expect(200).items().len();
        assert_eq!(grants.len(), vocabulary - 1, "everything else is");
    });
}
