//! What a request costs in statements, counted in PostgreSQL's own log.

use serde_json::json;

use crate::harness::lobby;

#[test]
fn a_guarded_read_is_one_statement_and_a_list_page_one_with_any_role() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let user = lobby.member(&owner, &workspace, "user").await;
        let client = lobby.member(&owner, &workspace, "client").await;
        let body = json!({ "workspace": workspace, "name": "Counted", "is_public": true });
        let project = owner.post("/projects", body).await.expect(201).id();
        let member = json!({ "user_id": client.user });
        owner.post(&format!("/projects/{project}/members"), member).await.expect(201);

        let statements = lobby.statements().await;
        for caller in [&owner, &user, &client] {
            let one = format!("/projects/{project}");
            let list = format!("/projects?workspace={workspace}&search=count&is_public=true&sort=name");
            for path in [one, list, "/projects".to_owned()] {
                // The first call fills the caches: who the caller is is asked once, not for every request.
                let (answer, seen) = statements.settled(1, async || caller.get(&path).await).await;
                answer.expect(200);
                assert_eq!(seen.len(), 1, "GET {path} sent {seen:#?}");
            }
        }
    });
}

#[test]
fn a_refusal_costs_no_more_than_the_look() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let body = json!({ "workspace": workspace, "name": "Hidden" });
        let project = owner.post("/projects", body).await.expect(201).id();
        let (stranger, _) = lobby.workspace("lobby").await;
        let statements = lobby.statements().await;
        let path = format!("/projects/{project}");
        let (answer, seen) = statements.settled(1, async || stranger.get(&path).await).await;
        answer.problem(404, "not_found");
        assert_eq!(seen.len(), 1, "{seen:#?}");
        let (answer, seen) = statements.during(lobby.anonymous().get(&path)).await;
        answer.expect(401);
        assert!(seen.is_empty(), "{seen:#?}");
    });
}

#[test]
fn a_personal_access_token_costs_no_statement_once_it_was_seen() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let body = json!({ "workspace": workspace, "name": "Counted" });
        let project = owner.post("/projects", body).await.expect(201).id();
        let body = json!({ "name": "counted", "permissions": { "can_view_projects": true } });
        let made = owner.post("/users/me/tokens", body).await.expect(201);
        let token = owner.with_token(&made.text("token"));
        let statements = lobby.statements().await;
        for path in [format!("/projects/{project}"), "/projects".to_owned()] {
            // The first call reads the token and records its use; neither is repeated for every request.
            let (answer, seen) = statements.settled(1, async || token.get(&path).await).await;
            answer.expect(200);
            assert_eq!(seen.len(), 1, "GET {path} sent {seen:#?}");
        }
        let (answer, seen) = statements.settled(0, async || token.get("/auth/sessions").await).await;
        answer.problem(403, "token_not_allowed");
        assert!(seen.is_empty(), "{seen:#?}");
    });
}
