//! The money of projects, and the ledger that it is posted to.

mod apart;
mod billing;
mod history;
mod ledger;
mod periods;
mod proofs;
mod races;
mod recording;
mod reports;

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Answer, Client, Lobby};

/// A workspace with a project in it: whose it is, where, which.
async fn project(lobby: &Lobby) -> (Client, String, String) {
    let (owner, workspace) = lobby.workspace("lobby").await;
    let project = another(&owner, &workspace, "Money").await;
    (owner, workspace, project)
}

/// A project more.
async fn another(owner: &Client, workspace: &str, name: &str) -> String {
    let body = json!({ "workspace": workspace, "name": name, "is_public": true });
    owner.post("/projects", body).await.expect(201).id()
}

/// A request to record something, with this key.
fn recording(client: &Client, project: &str, key: &str, body: &Value) -> RequestBuilder {
    let request = client.request(Method::POST, &format!("/projects/{project}/operations"));
    request.header("Idempotency-Key", key).json(body)
}

/// Records something, whatever comes of it.
async fn record(client: &Client, project: &str, body: Value) -> Answer {
    client.send(recording(client, project, &Uuid::now_v7().to_string(), &body)).await
}

/// Records so much of a kind; answers its id.
async fn recorded(client: &Client, project: &str, kind: &str, amount: i64) -> String {
    record(client, project, json!({ "type": kind, "amount": amount })).await.expect(201).id()
}

/// Takes an operation back; answers what did.
async fn reverse(client: &Client, operation: &str) -> String {
    client.act(&format!("/operations/{operation}/reversal")).await.expect(201).id()
}

/// Says how a project is billed.
async fn bill(client: &Client, project: &str, body: Value) -> Answer {
    client.put(&format!("/projects/{project}/billing"), body).await
}

/// A project's report.
async fn report(client: &Client, project: &str, query: &str) -> Value {
    client.get(&format!("/projects/{project}/report{query}")).await.expect(200).json
}

/// The figures of a report, in this order: issued, paid, credited, refunded, withdrawn, receivable, balance.
#[track_caller]
fn figures(report: &Value) -> [i64; 7] {
    let figure = |name: &str| report[name].as_i64().unwrap_or_else(|| panic!("no {name} in {report}"));
    let figures = ["issued", "paid", "credited", "refunded", "withdrawn", "receivable", "balance"].map(figure);
    let [issued, paid, credited, refunded, withdrawn, receivable, balance] = figures;
    assert_eq!(receivable, issued - paid - credited, "{report}");
    assert_eq!(balance, paid - refunded - withdrawn, "{report}");
    figures
}

/// How many transfers don't balance in some currency, or have fewer than two entries.
const UNSOUND: &str = "SELECT count(*) FROM billing.transfers t WHERE (SELECT count(*) FROM billing.entries e \
    WHERE e.transfer_id = t.id) < 2 OR EXISTS (SELECT FROM billing.entries e WHERE e.transfer_id = t.id \
    GROUP BY e.currency HAVING sum(e.amount) <> 0)";
