//! What may be used, by role and plan; exact when everybody asks at once.

use futures_util::future::join_all;
use serde_json::json;

use super::{paying, plan, seller, subscribe};
use crate::harness::picture;

#[test]
fn limits_of_role_and_plan_are_one_with_their_source_and_use() {
    paying(async |lobby| {
        let (owner, workspace) = seller(lobby).await;
        let features =
            json!({ "limits": { "max_projects": 3, "storage_bytes": 1_000_000 }, "flags": { "named": true } });
        let more = json!({ "features": features, "benefits": ["A friend"] });
        plan(&owner, &workspace, "growth", 0, more).await;
        let path = format!("/entitlements?workspace={workspace}");
        let before = owner.get(&path).await.expect(200).json;
        assert_eq!((&before["plan"], &before["limits"]["max_projects"]["limit"]), (&json!(null), &json!(null)));
        subscribe(&owner, &workspace, "growth").await.expect(201);
        owner.post("/projects", json!({ "workspace": workspace, "name": "One" })).await.expect(201);
        owner.upload(&workspace, picture(1), "mine").await.expect(201);
        let after = owner.get(&path).await.expect(200).json;
        assert_eq!(after["limits"]["max_projects"], json!({ "limit": 3, "source": "plan", "used": 1 }));
        assert!(after["limits"]["storage_bytes"]["used"].as_i64().unwrap() > 0);
        assert_eq!(after["limits"]["max_members"], json!({ "limit": null, "source": null, "used": 1 }));
        assert_eq!((&after["flags"], &after["benefits"]), (&json!({ "named": true }), &json!(["A friend"])));
    });
}

#[test]
fn fifty_requests_at_once_get_as_many_projects_as_the_plan_has() {
    paying(async |lobby| {
        let (owner, workspace) = seller(lobby).await;
        plan(&owner, &workspace, "growth", 0, json!({ "features": { "limits": { "max_projects": 3 } } })).await;
        subscribe(&owner, &workspace, "growth").await.expect(201);
        let all = (0..50).map(|number| {
            let body = json!({ "workspace": workspace, "name": format!("Project {number}") });
            owner.post("/projects", body)
        });
        let (made, refused): (Vec<_>, Vec<_>) = join_all(all).await.into_iter().partition(|one| one.status == 201);
        assert_eq!((made.len(), refused.len()), (3, 47));
        for refusal in refused {
            let refusal = refusal.problem(403, "limit_reached");
            let told = (&refusal.json["limit"], &refusal.json["used"], &refusal.json["source"]);
            assert_eq!(told, (&json!(3), &json!(3), &json!("plan")));
        }
        assert_eq!(lobby.database.number("SELECT count(*) FROM project.projects").await, 3);
    });
}

#[test]
fn the_workspaces_plan_bounds_what_all_have_together() {
    paying(async |lobby| {
        let (owner, workspace) = seller(lobby).await;
        let platform = lobby.person().await;
        lobby.services().provision().ensure_platform_admin(platform.user.parse().unwrap()).await.unwrap();
        let features = json!({ "limits": { "max_projects": 4 } });
        let body = json!({ "code": "host", "name": "Host", "price": 0, "currency": "EUR", "interval": "month",
            "features": features });
        platform.post("/platform/plans", body).await.expect(201);
        subscribe(&owner, &workspace, "host").await.expect(201);
        let other = lobby.member(&owner, &workspace, "admin").await;
        let all = (0..30).map(|number| {
            let body = json!({ "workspace": workspace, "name": format!("Project {number}") });
            if number % 2 == 0 { owner.post("/projects", body) } else { other.post("/projects", body) }
        });
        let (made, refused): (Vec<_>, Vec<_>) = join_all(all).await.into_iter().partition(|one| one.status == 201);
        assert_eq!((made.len(), refused.len()), (4, 26));
        for refusal in refused {
            assert_eq!(refusal.problem(403, "limit_reached").json["source"], "workspace_plan");
        }
        let entitled = other.get(&format!("/entitlements?workspace={workspace}")).await.expect(200).json;
        let expected = json!({ "limit": 4, "source": "workspace_plan", "used": 4 });
        assert_eq!(entitled["limits"]["max_projects"], expected);
    });
}

#[test]
fn uploads_are_bounded_by_the_workspaces_plan_and_by_ones_own() {
    paying(async |lobby| {
        let (owner, workspace) = seller(lobby).await;
        let platform = lobby.person().await;
        lobby.services().provision().ensure_platform_admin(platform.user.parse().unwrap()).await.unwrap();
        let largest = (0..16).map(|seed| picture(seed).len()).max().unwrap();
        let body = json!({ "code": "host", "name": "Host", "price": 0, "currency": "EUR", "interval": "month",
            "features": { "limits": { "storage_bytes": 4 * largest } } });
        platform.post("/platform/plans", body).await.expect(201);
        let host = subscribe(&owner, &workspace, "host").await.expect(201).id();
        let growth = json!({ "features": { "limits": { "storage_bytes": largest } } });
        plan(&owner, &workspace, "growth", 0, growth).await;
        let member = lobby.member(&owner, &workspace, "admin").await;
        subscribe(&member, &workspace, "growth").await.expect(201);

        // One's own plan has room for one, and says nothing about the others.
        let answers = join_all((0..4).map(|seed| member.upload(&workspace, picture(seed), "mine"))).await;
        let (kept, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
        assert_eq!((kept.len(), refused.len()), (1, 3));
        for answer in refused {
            assert_eq!(answer.problem(409, "storage_quota_exceeded").json["allowed"], largest);
        }
        // The workspace's has room for three more, at the least.
        let answers = join_all((4..16).map(|seed| owner.upload(&workspace, picture(seed), "ours"))).await;
        let (kept, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
        assert!((3..12).contains(&kept.len()), "{} were kept", kept.len());
        for answer in refused {
            assert_eq!(answer.problem(409, "storage_quota_exceeded").json["allowed"], 4 * largest);
        }
        let sum = format!("SELECT sum(original_bytes)::bigint FROM gallery.images WHERE workspace_id = '{workspace}'");
        let used = lobby.database.number(&sum).await;
        assert!(used <= i64::try_from(4 * largest).unwrap(), "{used} bytes are there");
        let entitled = owner.get(&format!("/entitlements?workspace={workspace}")).await.expect(200).json;
        let expected = json!({ "limit": 4 * largest, "source": "workspace_plan", "used": used });
        assert_eq!(entitled["limits"]["storage_bytes"], expected);

        // Without the plan there is no bound.
        owner.delete(&format!("/subscriptions/{host}?now=true")).await.expect(200);
        owner.upload(&workspace, picture(16), "free again").await.expect(201);
    });
}

#[test]
fn twelve_people_at_once_take_the_seats_that_there_are() {
    paying(async |lobby| {
        let (owner, workspace) = seller(lobby).await;
        let platform = lobby.person().await;
        lobby.services().provision().ensure_platform_admin(platform.user.parse().unwrap()).await.unwrap();
        let body = json!({ "code": "host", "name": "Host", "price": 0, "currency": "EUR", "interval": "month",
            "features": { "limits": { "max_members": 4 } } });
        platform.post("/platform/plans", body).await.expect(201);
        let host = subscribe(&owner, &workspace, "host").await.expect(201).id();
        let mut people = Vec::new();
        for _ in 0..12 {
            people.push(lobby.person().await);
        }
        let join = format!("/workspaces/{workspace}/join");
        let answers = join_all(people.iter().map(|person| person.post(&join, json!({})))).await;
        let (joined, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
        assert_eq!((joined.len(), refused.len()), (3, 9));
        let late = people.last().unwrap();
        for refusal in refused {
            let refusal = refusal.problem(403, "limit_reached");
            let told = (&refusal.json["limit"], &refusal.json["used"], &refusal.json["source"]);
            assert_eq!(told, (&json!(4), &json!(4), &json!("workspace_plan")));
        }
        owner.delete(&format!("/subscriptions/{host}?now=true")).await.expect(200);
        let answer = late.post(&join, json!({})).await;
        assert!([201, 409].contains(&answer.status.as_u16()), "there is room for all again: {}", answer.json);
    });
}
