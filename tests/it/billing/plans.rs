//! What is for sale, and that what was published stays.

use serde_json::{Value, json};
use sqlx::Executor;

use super::{plan, seller, subscribe};
use crate::harness::{lobby, lobby_with};

#[test]
fn the_price_list_is_open_to_all_and_shows_what_is_for_sale() {
    lobby(async |lobby| {
        let (owner, workspace) = seller(lobby).await;
        let growth = plan(&owner, &workspace, "growth", 1900, json!({ "benefits": ["More"] })).await;
        plan(&owner, &workspace, "free", 0, json!({})).await;
        let gone = plan(&owner, &workspace, "gone", 5, json!({})).await;
        owner.delete(&format!("/plans/{gone}")).await.expect(204);
        let list = lobby.anonymous().get(&format!("/plans?workspace={workspace}")).await.expect(200);
        let codes: Vec<&Value> = list.items().iter().map(|plan| &plan["code"]).collect();
        assert_eq!(codes, ["free", "growth"], "the cheapest first");
        let shown = lobby.anonymous().get(&format!("/plans/{growth}")).await.expect(200);
        assert_eq!(shown.json, list.items()[1]);
        assert!(lobby.anonymous().get("/plans").await.expect(200).items().is_empty(), "the platform sells nothing yet");
        assert!(lobby.anonymous().get("/plans?workspace=nowhere").await.expect(200).items().is_empty());
        lobby.anonymous().get(&format!("/plans/{gone}")).await.expect(200);
        lobby.anonymous().get(&format!("/plans/{workspace}")).await.problem(404, "not_found");
    });
}

#[test]
fn a_change_is_a_new_version_and_what_was_published_stays() {
    lobby(async |lobby| {
        let (owner, workspace) = seller(lobby).await;
        let id = plan(&owner, &workspace, "growth", 0, json!({})).await;
        let member = lobby.member(&owner, &workspace, "company_user").await;
        let subscription = subscribe(&member, &workspace, "growth").await.expect(201);
        let content = json!({ "name": "Grown", "price": 2900, "currency": "EUR", "interval": "month" });
        let path = format!("/plans/{id}");
        assert_eq!(owner.put(&path, content.clone()).await.expect(200).json["version"], 2);
        assert_eq!(owner.put(&path, content).await.expect(200).json["version"], 2, "nothing is another");
        let kept = member.get(&format!("/subscriptions/{}", subscription.id())).await.expect(200);
        assert_eq!((&kept.json["plan"]["version"], &kept.json["plan"]["price"]), (&json!(1), &json!(0)));
        // The database refuses whoever would rewrite it.
        let mut connection = lobby.database.connect_to("billing").await;
        for change in ["UPDATE billing.plan_versions SET price = 1", "DELETE FROM billing.plan_versions"] {
            assert!(connection.execute(change).await.is_err(), "{change}");
        }
    });
}

#[test]
fn a_plan_gives_only_a_role_that_is_for_plans_and_that_its_maker_covers() {
    lobby(async |lobby| {
        let (owner, workspace) = seller(lobby).await;
        let body = |role: &str| {
            json!({
                "workspace": workspace, "code": "x", "name": "X", "price": 1, "currency": "EUR", "interval": "month",
                "grants_role": role,
            })
        };
        let refusal = owner.post("/plans", body("admin")).await.problem(422, "validation_failed");
        assert_eq!(refusal.json["errors"][0]["code"], "role_not_for_plans");
        // Somebody who makes plans and holds no more than that.
        let roles = format!("/workspaces/{workspace}/roles");
        let clerk = json!({ "name": "clerk", "permissions": { "can_view_workspace": true, "can_manage_plans": true } });
        owner.post(&roles, clerk).await.expect(201);
        let clerk = lobby.member(&owner, &workspace, "clerk").await;
        clerk.post("/plans", body("growth_plan_subscriber")).await.problem(403, "beyond_your_own");
        owner.post("/plans", body("growth_plan_subscriber")).await.expect(201);
        owner.post("/plans", body("growth_plan_subscriber")).await.problem(409, "code_taken");
    });
}

#[test]
fn what_is_wrong_with_a_plan_is_said_at_its_place() {
    lobby(async |lobby| {
        let (owner, workspace) = seller(lobby).await;
        let sound = json!({
            "workspace": workspace, "code": "x", "name": "X", "price": 1, "currency": "EUR", "interval": "month",
        });
        let cases = [
            ("code", json!("X Y"), "/code"),
            ("price", json!(-1), "/price"),
            ("currency", json!("XXX"), "/currency"),
            ("interval", json!("week"), "/interval"),
            ("trial_days", json!(400), "/trial_days"),
            ("features", json!({ "limits": { "max_cats": 1 } }), "/features/limits"),
            ("features", json!({ "flags": { "no spaces": true } }), "/features/flags"),
            ("benefits", json!([""]), "/benefits"),
            ("colour", json!("red"), "/colour"),
        ];
        for (field, value, pointer) in cases {
            let mut body = sound.clone();
            body[field] = value;
            let refusal = owner.post("/plans", body).await.expect(422);
            assert_eq!(refusal.json["errors"][0]["pointer"], pointer, "{}", refusal.json);
        }
    });
}

#[test]
fn only_the_platform_sells_to_workspaces() {
    lobby_with(&[("LOBBY__BILLING__GATEWAY", "fake")], async |lobby| {
        let (owner, workspace) = seller(lobby).await;
        let body = json!({ "code": "host", "name": "Host", "price": 5000, "currency": "EUR", "interval": "month" });
        owner.post("/platform/plans", body.clone()).await.problem(404, "not_found");
        let platform = lobby.person().await;
        lobby.services().provision().ensure_platform_admin(platform.user.parse().unwrap()).await.unwrap();
        let id = platform.post("/platform/plans", body).await.expect(201).id();
        owner.delete(&format!("/plans/{id}")).await.problem(404, "not_found");
        assert_eq!(lobby.anonymous().get("/plans").await.expect(200).items().len(), 1);

        let member = lobby.member(&owner, &workspace, "company_user").await;
        subscribe(&member, &workspace, "host").await.problem(403, "permission_denied");
        let subscription = subscribe(&owner, &workspace, "host").await.expect(201);
        assert_eq!((&subscription.json["user_id"], &subscription.json["status"]), (&Value::Null, &json!("active")));
        member.get(&format!("/subscriptions/{}", subscription.id())).await.problem(404, "not_found");
        // What the platform asks for, only the platform takes back.
        let invoice = owner.get(&format!("/invoices?workspace={workspace}")).await.expect(200).items()[0].clone();
        assert_eq!((&invoice["by_platform"], &invoice["number"]), (&json!(true), &json!(1)));
        let path = format!("/invoices/{}/void", invoice["id"].as_str().unwrap());
        owner.act(&path).await.problem(404, "not_found");
        platform.act(&path).await.problem(409, "invoice_status");
    });
}
