//! The directory of developers: who is listed, what is told of them, and what never is.

use serde_json::{Value, json};

use super::membership;
use crate::harness::{Client, Lobby, PASSWORD, lobby};

async fn developer(lobby: &Lobby, workspace: &str, number: usize, body: Value) -> Client {
    let mut sign_up = json!({ "email": format!("dev{number}@example.org"), "password": PASSWORD, "workspace": workspace,
        "role": "developer" });
    sign_up.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
    lobby.sign_up(sign_up).await
}

#[test]
fn who_is_listed_is_found_by_the_beginnings_of_words_and_nothing_private_is_told() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("devhub").await;
        let ada = json!({ "username": "adalove", "first_name": "Ada Maria", "last_name": "Lovelace" });
        let ada = developer(lobby, &workspace, 1, ada).await;
        let grace = developer(lobby, &workspace, 2, json!({ "first_name": "Grace", "last_name": "Hopper_%" })).await;
        let customer = lobby.member(&owner, &workspace, "customer").await;
        owner
            .put(&format!("{}/role", membership(&workspace, &grace)), json!({ "role": "verified_developer" }))
            .await
            .expect(200);
        owner.patch(&membership(&workspace, &ada), json!({ "hour_rate": 98_765 })).await.expect(200);
        let project = json!({ "workspace": workspace, "name": "Shown", "key": "SHOWN", "is_public": true });
        let shown = ada.post("/projects", project).await.expect(201).id();
        let hidden = json!({ "workspace": workspace, "name": "Secret", "key": "SECRET", "owner_id": grace.user });
        let hidden = owner.post("/projects", hidden).await.expect(201).id();

        for (query, found) in [
            (String::new(), vec![&ada, &grace]),
            ("search=ADAL".to_owned(), vec![&ada]),
            ("search=maria".to_owned(), vec![&ada]),
            ("search=love%20ada".to_owned(), vec![&ada]),
            ("search=hop".to_owned(), vec![&grace]),
            ("search=opper".to_owned(), vec![]),
            ("search=hopper_%25".to_owned(), vec![&grace]),
            ("search=%25".to_owned(), vec![]),
            ("search=dev1@example".to_owned(), vec![]),
            ("verified=true".to_owned(), vec![&grace]),
            ("verified=false".to_owned(), vec![&ada]),
            (format!("project={shown}"), vec![&ada]),
            (format!("project={hidden}"), vec![]),
            (format!("workspace={workspace}&search=%20"), vec![&ada, &grace]),
        ] {
            let page = customer.get(&format!("/developers?{query}")).await.expect(200);
            let ids: Vec<&str> = found.iter().map(|person| person.user.as_str()).collect();
            assert_eq!(page.each("id"), ids, "{query}");
            let told = page.json.to_string();
            for private in ["example.org", "98765", "hour_rate", "email", "phone", "national_id", "Secret"] {
                assert!(!told.contains(private), "{private} in {told}");
            }
        }
        let one = customer.get(&format!("/developers/{}", ada.user)).await.expect(200);
        assert_eq!((&one.json["name"]["username"], &one.json["verified"]), (&json!("adalove"), &json!(false)));
        assert_eq!(one.json["projects"][0]["key"], "SHOWN");
        let grace_seen = customer.get(&format!("/developers/{}", grace.user)).await.expect(200);
        assert_eq!((&grace_seen.json["verified"], &grace_seen.json["projects"]), (&json!(true), &json!([])));
        for nobody in [&customer.user, &owner.user] {
            customer.get(&format!("/developers/{nobody}")).await.problem(404, "not_found");
        }
        let (stranger, _) = lobby.workspace("devhub").await;
        stranger.get(&format!("/developers/{}", ada.user)).await.problem(404, "not_found");
        assert_eq!(stranger.get("/developers").await.expect(200).json["items"], json!([]));
        customer.get("/developers?project=x").await.faults(&["?project"]);

        // Who is suspended is not listed.
        owner.act(&format!("{}/deactivate", membership(&workspace, &ada))).await.expect(200);
        customer.get(&format!("/developers/{}", ada.user)).await.problem(404, "not_found");
    });
}

#[test]
fn pages_are_whole_with_and_without_a_search_and_cost_a_statement_of_each_module() {
    lobby(async |lobby| {
        let (owner, first) = lobby.workspace("devhub").await;
        let second = json!({ "name": "Second", "blueprint": "devhub" });
        let second = owner.post("/workspaces", second).await.expect(201).id();
        let people = super::accounts(&lobby.database, 23).await;
        lobby
            .database
            .execute(
                "UPDATE accounts.users SET first_name = 'Zoe' WHERE email LIKE '%@example.org' AND username IS NULL \
            AND id::text ~ '[0-7]$'",
            )
            .await;
        for (place, person) in people.iter().enumerate() {
            lobby.seat(&first, person, "developer").await;
            if place % 2 == 0 {
                lobby.seat(&second, person, "verified_developer").await;
            }
        }
        for search in ["", "&search=zo"] {
            let whole = owner.get(&format!("/developers?limit=200{search}")).await.expect(200);
            let whole: Vec<String> = whole.each("id").into_iter().map(str::to_owned).collect();
            let (mut walked, mut cursor) = (Vec::new(), String::new());
            loop {
                let page = owner.get(&format!("/developers?limit=4{search}{cursor}")).await.expect(200);
                walked.extend(page.each("id").into_iter().map(str::to_owned));
                let Some(next) = page.json["next"].as_str() else { break };
                cursor = format!("&cursor={next}");
            }
            assert_eq!(walked, whole, "{search}");
            if search.is_empty() {
                assert_eq!(whole.len(), 23, "each once");
            }
        }
        let both = owner.get(&format!("/developers/{}", people[0])).await.expect(200);
        assert_eq!(both.json["places"].as_array().unwrap().len(), 2);
        let statements = lobby.statements().await;
        let (answer, seen) = statements.settled(3, async || owner.get("/developers?limit=5").await).await;
        answer.expect(200);
        assert_eq!(seen.len(), 3, "{seen:#?}");
    });
}
