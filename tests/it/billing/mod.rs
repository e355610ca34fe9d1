//! Plans, subscriptions, invoices, entitlements.

mod entitlements;
mod histories;
mod invoices;
mod lateness;
mod plans;
mod reckoned;
mod renewals;
mod roles;
mod subscribing;
mod turning;
mod vouching;

use billing::ports::Outcome;
use serde_json::{Value, json};

use crate::harness::{Answer, Client, Lobby, lobby_with};

/// A Lobby whose subscriptions are paid by a gateway that can be told what to answer.
#[track_caller]
pub fn paying(test: impl AsyncFnOnce(&Lobby)) {
    lobby_with(&[("LOBBY__BILLING__GATEWAY", "fake")], test);
}

/// A gallery with its owner.
pub async fn seller(lobby: &Lobby) -> (Client, String) {
    lobby.workspace("gallery").await
}

/// A monthly plan of a workspace; `more` over what it is otherwise.
pub async fn plan(owner: &Client, workspace: &str, code: &str, price: i64, more: Value) -> String {
    let mut body = json!({
        "workspace": workspace, "code": code, "name": code, "price": price, "currency": "EUR", "interval": "month",
    });
    for (key, value) in more.as_object().unwrap() {
        body[key] = value.clone();
    }
    owner.post("/plans", body).await.expect(201).id()
}

/// A gallery that sells plans of these prices, with its owner and somebody who may buy them.
pub async fn shop(lobby: &Lobby, plans: &[(&str, i64)]) -> (Client, String, Client) {
    let (owner, workspace) = seller(lobby).await;
    for (code, price) in plans {
        plan(&owner, &workspace, code, *price, json!({})).await;
    }
    let member = lobby.member(&owner, &workspace, "company_user").await;
    (owner, workspace, member)
}

/// Subscribes somebody.
pub async fn subscribe(person: &Client, workspace: &str, plan: &str) -> Answer {
    person.post("/subscriptions", json!({ "plan": plan, "workspace": workspace })).await
}

/// Changes to a plan for what that costs; answers how much.
pub async fn change(person: &Client, id: &str, plan: &str) -> i64 {
    let quote = person.post(&format!("/subscriptions/{id}/quote"), json!({ "plan": plan })).await.expect(200).json;
    let body = json!({ "plan": plan, "quote": quote["quote"] });
    person.post(&format!("/subscriptions/{id}/change"), body).await.expect(200);
    quote["amount"].as_i64().unwrap()
}

/// Lets days pass for a workspace's billing.
pub async fn pass(owner: &Client, workspace: &str, days: i64) -> Value {
    owner.post(&format!("/workspaces/{workspace}/test-clock"), json!({ "days": days })).await.expect(200).json
}

/// What a person is answered when they are asked for money.
pub fn script(lobby: &Lobby, person: &Client, outcomes: &[Outcome]) {
    lobby.services().fake_gateway().script(person.user.parse().unwrap(), outcomes.iter().copied());
}

/// The name of somebody's role.
pub async fn role_of(owner: &Client, workspace: &str, person: &Client) -> String {
    let member = owner.get(&format!("/workspaces/{workspace}/members/{}", person.user)).await.expect(200);
    member.json["role"].as_str().unwrap().to_owned()
}

/// What the ledger holds of a kind in a workspace.
pub async fn balance(lobby: &Lobby, workspace: &str, kind: &str) -> i64 {
    let sql = format!(
        "SELECT coalesce(sum(e.amount), 0)::bigint FROM billing.entries e JOIN billing.accounts a ON a.id = e.account_id \
         WHERE a.workspace_id = '{workspace}' AND a.kind = '{kind}'"
    );
    lobby.database.number(&sql).await
}
