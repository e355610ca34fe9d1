//! Roles that plans give, and give back, whatever happens meanwhile.

use serde_json::json;

use super::{change, pass, paying, plan, role_of, seller, subscribe};
use crate::harness::{Client, Lobby};

const GROWTH: &str = "growth_plan_subscriber";

/// A gallery that sells Growth, and a member who may buy it.
async fn shop(lobby: &Lobby) -> (Client, String, Client) {
    let (owner, workspace) = seller(lobby).await;
    plan(&owner, &workspace, "growth", 1_900, json!({ "grants_role": GROWTH })).await;
    plan(&owner, &workspace, "plain", 900, json!({})).await;
    let member = lobby.member(&owner, &workspace, "company_user").await;
    (owner, workspace, member)
}

#[test]
fn growth_gives_its_role_at_once_and_its_end_gives_the_former_one_back_at_once() {
    paying(async |lobby| {
        let (owner, workspace, member) = shop(lobby).await;
        let id = subscribe(&member, &workspace, "growth").await.expect(201).id();
        assert_eq!(role_of(&owner, &workspace, &member).await, GROWTH);
        let held = member.get(&format!("/workspaces/{workspace}/permissions")).await.expect(200);
        assert_eq!(held.json["role"], GROWTH, "this instance knows at once");
        member.delete(&format!("/subscriptions/{id}?now=true")).await.expect(200);
        assert_eq!(role_of(&owner, &workspace, &member).await, "company_user");
        lobby.services().settle().await.unwrap();
        assert_eq!(role_of(&owner, &workspace, &member).await, "company_user", "the events say the same");
        let audit = owner.get(&format!("/workspaces/{workspace}/audit?action=workspace.member_role_changed")).await;
        assert_eq!(audit.expect(200).items().len(), 2);
    });
}

#[test]
fn the_role_ends_with_what_was_paid_for() {
    paying(async |lobby| {
        let (owner, workspace, member) = shop(lobby).await;
        let id = subscribe(&member, &workspace, "growth").await.expect(201).id();
        assert_eq!(change(&member, &id, "plain").await, 0);
        assert_eq!(role_of(&owner, &workspace, &member).await, GROWTH);
        pass(&owner, &workspace, 31).await;
        assert_eq!(role_of(&owner, &workspace, &member).await, "company_user");
        change(&member, &id, "growth").await;
        assert_eq!(role_of(&owner, &workspace, &member).await, GROWTH);
    });
}

#[test]
fn a_role_given_by_hand_meanwhile_stays() {
    paying(async |lobby| {
        let (owner, workspace, member) = shop(lobby).await;
        let id = subscribe(&member, &workspace, "growth").await.expect(201).id();
        let path = format!("/workspaces/{workspace}/members/{}/role", member.user);
        owner.put(&path, json!({ "role": "beta_player" })).await.expect(200);
        lobby.services().settle().await.unwrap();
        pass(&owner, &workspace, 31).await;
        assert_eq!(role_of(&owner, &workspace, &member).await, "beta_player");
        member.delete(&format!("/subscriptions/{id}?now=true")).await.expect(200);
        lobby.services().settle().await.unwrap();
        assert_eq!(role_of(&owner, &workspace, &member).await, "beta_player");
    });
}

#[test]
fn a_former_role_that_is_gone_becomes_the_default() {
    paying(async |lobby| {
        let (owner, workspace, _) = shop(lobby).await;
        let roles = format!("/workspaces/{workspace}/roles");
        let permissions = json!({ "can_view_subscriptions": "own", "can_manage_subscriptions": "own" });
        let role = owner.post(&roles, json!({ "name": "passing", "permissions": permissions })).await.expect(201).id();
        let member = lobby.member(&owner, &workspace, "passing").await;
        let id = subscribe(&member, &workspace, "growth").await.expect(201).id();
        owner.delete(&format!("/roles/{role}")).await.expect(204);
        member.delete(&format!("/subscriptions/{id}?now=true")).await.expect(200);
        assert_eq!(role_of(&owner, &workspace, &member).await, "company_user");
    });
}

#[test]
fn who_is_suspended_stays_so_and_who_is_removed_and_comes_back_holds_their_plan() {
    paying(async |lobby| {
        let (owner, workspace, member) = shop(lobby).await;
        let id = subscribe(&member, &workspace, "growth").await.expect(201).id();
        let path = format!("/workspaces/{workspace}/members/{}", member.user);
        owner.act(&format!("{path}/deactivate")).await.expect(200);
        pass(&owner, &workspace, 31).await;
        let shown = owner.get(&path).await.expect(200);
        assert_eq!((&shown.json["status"], &shown.json["role"]), (&json!("suspended"), &json!(GROWTH)));
        owner.delete(&path).await.expect(204);
        lobby.services().settle().await.unwrap();
        let gone = owner.get(&format!("/subscriptions/{id}")).await.expect(200);
        assert_eq!(gone.json["ends_at_period_end"], true, "they can't end it themselves");
        member.get(&format!("/subscriptions/{id}")).await.problem(404, "not_found");
        owner.bring(&workspace, &member, "company_user").await.expect(201);
        lobby.services().settle().await.unwrap();
        assert_eq!(role_of(&owner, &workspace, &member).await, GROWTH);
        pass(&owner, &workspace, 31).await;
        assert_eq!(role_of(&owner, &workspace, &member).await, "company_user");
    });
}

#[test]
fn an_administrator_subscribes_and_stays_one() {
    paying(async |lobby| {
        let (owner, workspace, _) = shop(lobby).await;
        let id = subscribe(&owner, &workspace, "growth").await.expect(201);
        assert_eq!(id.json["in_force"], true);
        assert_eq!(role_of(&owner, &workspace, &owner).await, "admin");
        owner.delete(&format!("/subscriptions/{}?now=true", id.id())).await.expect(200);
        lobby.services().settle().await.unwrap();
        assert_eq!(role_of(&owner, &workspace, &owner).await, "admin");
    });
}

#[test]
fn a_grant_that_is_heard_late_has_no_say() {
    paying(async |lobby| {
        let (owner, workspace, member) = shop(lobby).await;
        let id = subscribe(&member, &workspace, "growth").await.expect(201).id();
        member.delete(&format!("/subscriptions/{id}?now=true")).await.expect(200);
        // Every event is told again, the last one first.
        for order in ["DESC", "ASC"] {
            let told = "UPDATE billing.outbox o SET told_at = NULL, attempts = 0, next_try_at = now(), \
                id = ('00000000-0000-7000-8000-' || lpad(n.n::text, 12, '0'))::uuid";
            let sql = format!(
                "{told} FROM (SELECT id, row_number() OVER (ORDER BY id {order}) AS n FROM billing.outbox) n WHERE n.id = o.id"
            );
            lobby.database.execute(&sql).await;
            lobby.services().settle().await.unwrap();
            assert_eq!(role_of(&owner, &workspace, &member).await, "company_user");
        }
    });
}
