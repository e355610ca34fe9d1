//! The list of projects: what can be asked of it, and that it asks back when it doesn't understand.

use chrono::Duration;
use serde_json::json;

use super::{create, include, project};
use crate::harness::{Client, lobby};

/// The keys of the projects that a query lists, in its order.
async fn keys(caller: &Client, query: &str) -> Vec<String> {
    let answer = caller.get(&format!("/projects?{query}")).await.expect(200);
    assert!(answer.json["next"].is_null());
    answer.each("key").into_iter().map(str::to_owned).collect()
}

async fn names(caller: &Client, username: &str) {
    caller.patch("/users/me", json!({ "username": username })).await.expect(200);
}

#[test]
fn every_filter_lists_exactly_what_it_says() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let mona = lobby.member(&owner, &workspace, "admin").await;
        let lisa = lobby.member(&owner, &workspace, "admin").await;
        names(&mona, "Mona").await;
        for body in [
            json!({ "key": "ALPHA", "name": "Website 100%", "description": "Shop and blog", "is_public": true }),
            json!({ "key": "BETA", "name": "Web_shop", "description": "Nothing", "owner_id": mona.user }),
            json!({ "key": "GAMMA", "name": "Übersicht", "description": "C:\\dir", "owner_id": lisa.user }),
            json!({ "key": "DELTA", "name": "Websiteless", "is_public": true, "owner_id": lisa.user }),
        ] {
            create(&owner, &workspace, body).await;
            lobby.clock.advance(Duration::minutes(1));
        }
        let all = owner.get("/projects?sort=created_at").await.expect(200);
        let ids = all.each("id");
        include(&owner, ids[2], &mona.user).await;
        include(&owner, ids[3], &mona.user).await;
        let off = json!({ "is_active": false });
        owner.patch(&format!("/projects/{}/members/{}", ids[3], mona.user), off).await.expect(200);
        owner.act(&format!("/projects/{}/deactivate", ids[3])).await.expect(200);
        let second = all.items()[1]["created_at"].as_str().unwrap();

        let all = ["ALPHA", "BETA", "GAMMA", "DELTA"];
        let (mona, lisa) = (&mona.user, &lisa.user);
        let nobody = uuid::Uuid::now_v7();
        for (query, expected) in [
            (String::new(), &all[..]),
            (format!("developer={mona}"), &["BETA", "GAMMA"]),
            ("developer=mona".to_owned(), &["BETA", "GAMMA"]),
            (format!("developer={nobody}"), &[]),
            ("developer=nobody".to_owned(), &[]),
            ("owner=MONA".to_owned(), &["BETA"]),
            (format!("owner={lisa}"), &["GAMMA", "DELTA"]),
            (format!("owner={lisa}&developer=mona"), &["GAMMA"]),
            ("owner=nobody&count=true".to_owned(), &[]),
            ("name=WEBSITE".to_owned(), &["ALPHA", "DELTA"]),
            ("project=website".to_owned(), &["ALPHA", "DELTA"]),
            ("name=100%25".to_owned(), &["ALPHA"]),
            ("name=%25".to_owned(), &["ALPHA"]),
            ("name=_".to_owned(), &["BETA"]),
            ("name=%C3%BCBER".to_owned(), &["GAMMA"]),
            ("name=website&project=less".to_owned(), &["DELTA"]),
            ("search=shop".to_owned(), &["ALPHA", "BETA"]),
            ("search=shop+web".to_owned(), &["ALPHA", "BETA"]),
            ("search=shop+blog".to_owned(), &["ALPHA"]),
            ("search=gamm".to_owned(), &["GAMMA"]),
            ("search=%5Cdir".to_owned(), &["GAMMA"]),
            ("search=+".to_owned(), &all),
            ("search=absent".to_owned(), &[]),
            ("is_active=false".to_owned(), &["DELTA"]),
            ("is_active=true".to_owned(), &all[..3]),
            ("is_public=true".to_owned(), &["ALPHA", "DELTA"]),
            ("is_public=false".to_owned(), &["BETA", "GAMMA"]),
            ("is_public=true&is_active=true".to_owned(), &["ALPHA"]),
            (format!("created_after={second}"), &all[2..]),
            (format!("workspace={workspace}&search=web&is_public=false"), &["BETA"]),
        ] {
            let query = format!("sort=created_at&{query}");
            assert_eq!(keys(&owner, query.trim_end_matches('&')).await, expected, "{query}");
            let counted = owner.get(&format!("/projects?count=true&limit=1&{}", query.trim_end_matches('&'))).await;
            assert_eq!(counted.expect(200).json["count"], expected.len(), "{query}");
        }
    });
}

#[test]
fn every_sort_sorts() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let mut paths = Vec::new();
        for (key, name) in [("ONE", "beta"), ("TWO", "Alpha"), ("THREE", "gamma"), ("FOUR", "Zulu")] {
            let made = create(&owner, &workspace, json!({ "key": key, "name": name })).await;
            paths.push(format!("/projects/{}", made.id()));
            lobby.clock.advance(Duration::minutes(1));
        }
        owner.patch(&paths[1], json!({ "description": "Touched" })).await.expect(200);
        for (sort, expected) in [
            ("", ["FOUR", "THREE", "TWO", "ONE"]),
            ("sort=-created_at", ["FOUR", "THREE", "TWO", "ONE"]),
            ("sort=created_at", ["ONE", "TWO", "THREE", "FOUR"]),
            ("sort=name", ["TWO", "ONE", "THREE", "FOUR"]),
            ("sort=-name", ["FOUR", "THREE", "ONE", "TWO"]),
            ("sort=-updated_at", ["TWO", "FOUR", "THREE", "ONE"]),
        ] {
            assert_eq!(keys(&owner, sort).await, expected, "{sort}");
        }
    });
}

#[test]
fn a_list_spans_all_workspaces_of_the_caller_or_the_one_named() {
    lobby(async |lobby| {
        let (owner, first) = lobby.workspace("lobby").await;
        let (other, second) = lobby.workspace("devhub").await;
        let (third_owner, third) = lobby.workspace("gallery").await;
        let person = lobby.member(&owner, &first, "client").await;
        for (inviter, workspace, role) in [(&other, &second, "customer"), (&third_owner, &third, "company_user")] {
            inviter.bring(workspace, &person, role).await;
        }
        // A client sees what they take part in, a customer what is public; a company user sees no projects.
        let assigned = create(&owner, &first, json!({ "name": "A", "key": "FIRST" })).await.id();
        include(&owner, &assigned, &person.user).await;
        create(&owner, &first, json!({ "name": "B", "key": "UNSEEN", "is_public": true })).await;
        create(&other, &second, json!({ "name": "C", "key": "SECOND", "is_public": true })).await;
        create(&other, &second, json!({ "name": "D", "key": "SECRET" })).await;
        let third_project = json!({ "name": "E", "key": "THIRD", "is_public": true, "owner_id": person.user });
        create(&third_owner, &third, third_project).await;

        assert_eq!(keys(&person, "sort=created_at").await, ["FIRST", "SECOND"]);
        assert_eq!(keys(&person, &format!("workspace={first}")).await, ["FIRST"]);
        assert_eq!(keys(&person, &format!("workspace={second}")).await, ["SECOND"]);
        let refusal = person.get(&format!("/projects?workspace={third}")).await.problem(403, "permission_denied");
        assert_eq!(
            (&refusal.json["permission"], &refusal.json["role"]),
            (&json!("can_view_projects"), &json!("company_user"))
        );
        assert_eq!(person.get("/projects?count=true").await.expect(200).json["count"], 2);
        // Filters reach no farther than the list does.
        assert_eq!(keys(&person, &format!("owner={}", person.user)).await, Vec::<String>::new());
        assert_eq!(keys(&person, &format!("developer={}", other.user)).await, ["SECOND"]);
    });
}

#[test]
fn a_query_that_the_list_does_not_understand_is_refused_at_its_place() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        for _ in 0..3 {
            project(&owner, &workspace, "Row").await;
        }
        let words = "a+b+c+d+e+f+g+h+i+j+k";
        let long = "x".repeat(201);
        for (query, pointer) in [
            ("limit=0", "?limit"),
            ("limit=201", "?limit"),
            ("limit=ten", "?limit"),
            ("sort=key", "?sort"),
            ("sort=+name", "?sort"),
            ("count=yes", "?count"),
            ("is_active=maybe", "?is_active"),
            ("created_after=yesterday", "?created_after"),
            ("colour=red", "?colour"),
            ("cursor=AAAA", "?cursor"),
            ("name=a%00b", "?name"),
            (&format!("search={words}"), "?search"),
            (&format!("search={long}"), "?search"),
        ] {
            owner.get(&format!("/projects?{query}")).await.faults(&[pointer]);
        }
        let page = owner.get("/projects?limit=2&sort=name").await.expect(200);
        let cursor = page.text("next");
        owner.get(&format!("/projects?limit=2&sort=name&cursor={cursor}")).await.expect(200);
        owner.get(&format!("/projects?limit=2&sort=-name&cursor={cursor}")).await.faults(&["?cursor"]);
    });
}
