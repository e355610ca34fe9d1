//! What docs/roles.md shows is true: its documents are read, and its fifth role model is one that Lobby serves.

use serde_json::{Value, json};

use crate::harness::{lobby_command, lobby_with};

/// The blocks of this kind in the page.
fn blocks(kind: &str) -> Vec<String> {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/roles.md")).unwrap();
    let opening = format!("```json {kind}\n");
    let blocks = page.split(&opening).skip(1);
    blocks.map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn the_role_document_of_the_page_is_sound() {
    let vocabulary = api::modules::vocabulary().unwrap();
    let documents = blocks("role");
    assert_eq!(documents.len(), 1);
    let document = vocabulary.parse_str(&documents[0]).unwrap();
    assert_eq!(document.to_value(), serde_json::from_str::<Value>(&documents[0]).unwrap(), "it is canonical");
}

#[test]
fn the_fifth_model_of_the_page_is_served() {
    let [newsroom] = <[String; 1]>::try_from(blocks("blueprint")).unwrap();
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("newsroom.json");
    std::fs::write(&file, newsroom).unwrap();
    let variables = [("LOBBY__WORKSPACES__BLUEPRINTS", folder.path().to_str().unwrap())];
    lobby_with(&variables, async |lobby| {
        let (chief, workspace) = lobby.workspace("newsroom").await;
        let writer = lobby.member(&chief, &workspace, "writer").await;
        for name in ["Flood", "Election"] {
            writer.post("/projects", json!({ "workspace": workspace, "name": name })).await.expect(201);
        }
        let third = json!({ "workspace": workspace, "name": "Weather" });
        writer.post("/projects", third).await.problem(403, "limit_reached");

        let reader = lobby.person().await;
        let joined = reader.act(&format!("/workspaces/{workspace}/join")).await.expect(201);
        assert_eq!(joined.json["role"], "reader");
        let listed = reader.get("/blueprints").await.expect(200);
        let names: Vec<_> = listed.items().iter().map(|it| it["name"].clone()).collect();
        assert_eq!(names, ["crafo", "devhub", "gallery", "lobby", "newsroom"]);

        let said = lobby_command(&["config", "check"], None, &variables).await;
        assert!(said.well, "{said:?}");
        let spoiled = std::fs::read_to_string(&file)
            .unwrap()
            .replace("\"default_role\": \"reader\"", "\"default_role\": \"raeder\"");
        std::fs::write(&file, spoiled).unwrap();
        let said = lobby_command(&["config", "check"], None, &variables).await;
        assert!(!said.well && said.errors.contains("workspaces.blueprints"), "{said:?}");
        assert!(said.errors.contains("newsroom.json#/default_role") && said.errors.contains("`reader`"), "{said:?}");
    });
}

#[test]
fn a_folder_that_is_not_there_is_a_fault_of_the_configuration() {
    crate::harness::run(async {
        let variables = [("LOBBY__WORKSPACES__BLUEPRINTS", "/nowhere/at/all")];
        let said = lobby_command(&["config", "check"], None, &variables).await;
        assert!(!said.well && said.errors.contains("/nowhere/at/all"), "{said:?}");
    });
}
