//! Lists: pages by keyset, filters, counts.

use std::collections::HashSet;

use serde_json::json;

use super::{accounts, membership};
use crate::harness::{Client, Lobby, lobby};

/// Sixty members besides the owner: most of them clients, some suspended, several of the same instant.
async fn crowd(lobby: &Lobby, workspace: &str) -> Vec<String> {
    let people = accounts(&lobby.database, 60).await;
    let rows: Vec<String> = people
        .iter()
        .enumerate()
        .map(|(place, id)| {
            let role = if place % 10 == 0 { "user" } else { "client" };
            let status = if place % 7 == 0 { "suspended" } else { "active" };
            format!(
                "('{workspace}', '{id}', (SELECT id FROM workspace.roles WHERE name = '{role}' AND workspace_id = \
                 '{workspace}'), '{status}', now() - interval '1 hour' * {}, now())",
                place / 4
            )
        })
        .collect();
    let sql = "INSERT INTO workspace.members (workspace_id, user_id, role_id, status, joined_at, updated_at) VALUES";
    lobby.database.execute(&format!("{sql} {}", rows.join(","))).await;
    people
}

/// Everything of a list, page by page, by `field`.
async fn walk(caller: &Client, path: &str, field: &str) -> (Vec<String>, usize) {
    let (mut all, mut pages, mut cursor) = (Vec::new(), 0, String::new());
    loop {
        let page = caller.get(&format!("{path}{cursor}")).await.expect(200);
        all.extend(page.each(field).into_iter().map(str::to_owned));
        pages += 1;
        let Some(next) = page.json["next"].as_str() else {
            assert_eq!(page.header("link"), "", "the last page leads nowhere");
            return (all, pages);
        };
        assert!(page.header("link").contains("rel=\"next\""), "{}", page.header("link"));
        assert!(page.header("link").contains(next), "{}", page.header("link"));
        cursor = format!("&cursor={next}");
    }
}

#[test]
fn members_come_in_pages_each_once_the_longest_standing_first() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let people = crowd(lobby, &workspace).await;
        let path = format!("/workspaces/{workspace}/members");
        let (all, pages) = walk(&owner, &format!("{path}?limit=7"), "user_id").await;
        assert_eq!((all.len(), pages), (61, 9));
        let met: HashSet<&String> = all.iter().collect();
        assert!(met.len() == 61 && people.iter().all(|id| met.contains(id)));
        let whole = owner.get(&format!("{path}?limit=200&count=true")).await.expect(200);
        assert_eq!(whole.each("user_id"), all, "pages cut the same order");
        assert_eq!(whole.json["count"], 61);
        let mut joined = whole.each("joined_at");
        joined.sort_unstable();
        assert_eq!(whole.each("joined_at"), joined);
        assert_eq!(owner.get(&path).await.expect(200).items().len(), 50, "unless said otherwise");
        assert!(owner.get(&path).await.expect(200).json.get("count").is_none());
    });
}

#[test]
fn members_are_filtered_by_role_and_status() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        crowd(lobby, &workspace).await;
        let path = format!("/workspaces/{workspace}/members");
        for (filter, count) in [
            ("role=user", 6),
            ("role=client", 54),
            ("role=admin", 1),
            ("role=nobody", 0),
            ("status=suspended", 9),
            ("status=active", 52),
            ("status=invited", 0),
            ("role=user&status=suspended", 1),
        ] {
            let (all, _) = walk(&owner, &format!("{path}?limit=4&{filter}"), "user_id").await;
            assert_eq!(all.len(), count, "{filter}");
            let counted = owner.get(&format!("{path}?limit=1&count=true&{filter}")).await.expect(200);
            assert_eq!(counted.json["count"], count, "{filter}");
        }
        let suspended = owner.get(&format!("{path}?status=suspended&role=client")).await.expect(200);
        assert!(suspended.items().iter().all(|it| it["status"] == "suspended" && it["role"] == "client"));
    });
}

#[test]
fn who_comes_and_goes_meanwhile_neither_doubles_nor_hides_others() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let people = crowd(lobby, &workspace).await;
        let path = format!("/workspaces/{workspace}/members");
        let first = owner.get(&format!("{path}?limit=20")).await.expect(200);
        let seen: Vec<String> = first.each("user_id").into_iter().map(str::to_owned).collect();
        // The row that the cursor stands on goes, and so do ones before it; one comes at the end.
        for gone in [&seen[0], &seen[10], &seen[19]] {
            owner.delete(&format!("{path}/{gone}")).await.expect(204);
        }
        let newcomer = lobby.member(&owner, &workspace, "user").await;
        let next = first.json["next"].as_str().unwrap();
        let rest = owner.get(&format!("{path}?limit=200&cursor={next}")).await.expect(200);
        let rest = rest.each("user_id");
        assert_eq!(rest.len(), 42, "the other forty, the owner and the newcomer");
        assert!(rest.iter().all(|id| !seen.contains(&(*id).to_owned())));
        assert!(rest.contains(&newcomer.user.as_str()));
        assert_eq!(people.iter().filter(|id| rest.contains(&id.as_str())).count(), 40);
    });
}

#[test]
fn what_a_list_does_not_understand_is_refused() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        crowd(lobby, &workspace).await;
        let path = format!("/workspaces/{workspace}/members");
        for (query, pointer) in [
            ("limit=0", "?limit"),
            ("limit=201", "?limit"),
            ("limit=x", "?limit"),
            ("status=gone", "?status"),
            ("cursor=x", "?cursor"),
            ("workspace=x", "?workspace"),
            ("nonsense=1", "?nonsense"),
            ("sort=name", "?sort"),
            ("count=maybe", "?count"),
        ] {
            owner.get(&format!("{path}?{query}")).await.faults(&[pointer]);
        }
        let next = owner.get(&format!("{path}?limit=5")).await.expect(200).text("next");
        let (other, elsewhere) = lobby.workspace("lobby").await;
        let foreign = format!("/workspaces/{elsewhere}/members?cursor={next}");
        other.get(&foreign).await.faults(&["?cursor"]);
        owner.get(&format!("/workspaces/{workspace}/roles?cursor={next}")).await.faults(&["?cursor"]);
        let forged = format!("{}A", &next[..next.len() - 1]);
        let forged = if forged == next { format!("{}B", &next[..next.len() - 1]) } else { forged };
        owner.get(&format!("{path}?cursor={}", forged.replace('A', "Z"))).await.faults(&["?cursor"]);
    });
}

#[test]
fn everybody_lists_the_workspaces_they_are_active_in() {
    lobby(async |lobby| {
        let person = lobby.person().await;
        assert_eq!(person.get("/workspaces?count=true").await.expect(200).json["count"], 0);
        let mut own = Vec::new();
        for number in 0..9 {
            own.push(person.post("/workspaces", json!({ "name": format!("W{number}") })).await.expect(201).id());
        }
        let (owner, joined) = lobby.workspace("devhub").await;
        person.act(&format!("/workspaces/{joined}/join")).await.expect(201);
        own.push(joined.clone());
        lobby.workspace("lobby").await;
        let (all, pages) = walk(&person, "/workspaces?limit=4", "id").await;
        assert_eq!((all, pages), (own.clone(), 3));
        let whole = person.get("/workspaces?count=true").await.expect(200);
        assert_eq!(whole.json["count"], 10);
        assert_eq!(whole.items()[9]["my_role"], "customer");
        owner.act(&format!("{}/deactivate", membership(&joined, &person))).await.expect(200);
        assert_eq!(person.get("/workspaces?count=true").await.expect(200).each("id"), own[..9]);
        person.get("/workspaces?role=admin").await.faults(&["?role"]);
    });
}

#[test]
fn roles_are_listed_for_one_workspace_or_for_all_where_one_may_see_them() {
    lobby(async |lobby| {
        let (owner, first) = lobby.workspace("lobby").await;
        let second = owner.post("/workspaces", json!({ "name": "Second", "blueprint": "devhub" })).await.expect(201);
        let (other, hidden) = lobby.workspace("devhub").await;
        other.bring(&hidden, &owner, "customer").await;

        let (all, pages) = walk(&owner, "/roles?limit=3", "id").await;
        assert_eq!((all.len(), pages), (7, 3), "the third workspace's roles are not a customer's to see");
        let listed = owner.get("/roles?count=true").await.expect(200);
        assert_eq!((listed.each("id"), &listed.json["count"]), (all.iter().map(String::as_str).collect(), &json!(7)));
        assert!(listed.items().iter().all(|role| role["workspace_id"] != hidden.as_str()));
        let one = owner.get(&format!("/roles?workspace={}", second.text("slug"))).await.expect(200);
        assert_eq!(one.each("name"), ["admin", "verified_developer", "developer", "customer"]);
        assert_eq!(owner.get(&format!("/roles?workspace={first}")).await.expect(200).items().len(), 3);
        owner.get(&format!("/roles?workspace={hidden}")).await.problem(403, "permission_denied");
        let customer = lobby.person().await;
        assert_eq!(customer.get("/roles").await.expect(200).json["items"], json!([]));
        customer.act(&format!("/workspaces/{hidden}/join")).await.expect(201);
        customer.get("/roles").await.problem(403, "permission_denied");
        let (below, _) = walk(&owner, &format!("/workspaces/{first}/roles?limit=2"), "name").await;
        assert_eq!(below, ["admin", "user", "client"]);
    });
}
