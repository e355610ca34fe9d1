//! A workspace that sells plans, the people who subscribe to them, and that all that the product tells of them is what the
//! model has.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};

use super::{
    calendar::{DAY, Instant},
    person::Person,
    subscription::{Phase, Plan, Subscription},
};
use crate::{
    billing::role_of,
    harness::{Client, Lobby},
};

/// The role that some plans give.
const GIVEN: &str = "growth_plan_subscriber";

/// Somebody who subscribes.
pub struct Member {
    pub client: Client,
    pub person: Person,
    pub dice: StdRng,
    /// What they did, to be told where something is otherwise than the model has it.
    pub did: Vec<String>,
}

impl Member {
    /// Where it is otherwise.
    pub fn story(&self, told: &Value) -> String {
        format!("after {:#?}\n{told}\n{:#?}", self.did, self.person.all.last())
    }
}

/// A workspace with its own time.
pub struct Shop {
    pub owner: Client,
    pub workspace: String,
    pub plans: Vec<Plan>,
    pub members: Vec<Member>,
    /// By how much its time is ahead.
    pub ahead: i64,
    pub dice: StdRng,
}

/// An instant as it is told.
pub fn instant(told: &Value) -> Option<Instant> {
    let at: DateTime<Utc> = told.as_str()?.parse().unwrap();
    Some(at.timestamp_micros())
}

fn content(plan: &Plan) -> Value {
    json!({
        "name": plan.name, "price": plan.price, "currency": plan.currency, "trial_days": plan.trial,
        "interval": if plan.months == 12 { "year" } else { "month" },
        "grants_role": plan.gives_role.then_some(GIVEN), "benefits": [plan.name],
        "features": {
            "limits": plan.most_projects.map_or(json!({}), |most| json!({ "max_projects": most })),
            "flags": { (plan.code.as_str()): true },
        },
    })
}

impl Shop {
    /// Another one, of an owner whose workspace it is, and of members who come to it.
    pub async fn open(lobby: &Lobby, owner: &Client, members: &[Client], seed: u64) -> Self {
        let mut dice = StdRng::seed_from_u64(seed);
        let body = json!({ "name": format!("Shop {seed}"), "blueprint": "gallery" });
        let workspace = owner.post("/workspaces", body).await.expect(201).id();
        let currency = ["EUR", "JPY", "KWD"][dice.random_range(0..3)];
        let mut plans = Vec::new();
        for number in 0..6_i64 {
            let code = format!("plan{number}");
            let mut plan = Plan {
                id: String::new(),
                version: 1,
                name: format!("Plan {number}"),
                code: code.clone(),
                price: if number == 0 { 0 } else { dice.random_range(0..20_000) },
                currency: if number == 5 { "USD" } else { currency },
                months: if dice.random_bool(0.25) { 12 } else { 1 },
                trial: dice.random_range(0..3) * 7,
                gives_role: dice.random_bool(0.5),
                most_projects: dice.random_bool(0.5).then(|| dice.random_range(1..50)),
            };
            let mut body = content(&plan);
            (body["workspace"], body["code"]) = (json!(workspace), json!(code));
            plan.id = owner.post("/plans", body).await.expect(201).id();
            plans.push(plan);
        }
        let mut shop = Self { owner: owner.clone(), workspace, plans, members: Vec::new(), ahead: 0, dice };
        for client in members {
            lobby.seat(&shop.workspace, &client.user, "company_user").await;
            // What it was told of them elsewhere is over.
            lobby.services().fake_gateway().script(client.user.parse().unwrap(), []);
            let dice = StdRng::seed_from_u64(shop.dice.random());
            shop.members.push(Member { client: client.clone(), person: Person::default(), dice, did: Vec::new() });
        }
        shop
    }

    /// What time it is there.
    pub fn now(&self, lobby: &Lobby) -> Instant {
        lobby.clock.now().timestamp_micros() + self.ahead
    }

    /// Publishes another version of a plan; who has the former one keeps it.
    pub async fn reprice(&mut self) {
        let plan = &mut self.plans[self.dice.random_range(1..6)];
        plan.version += 1;
        plan.name = format!("Plan {} of {}", plan.code, plan.version);
        plan.price = self.dice.random_range(0..20_000);
        let made = self.owner.put(&format!("/plans/{}", plan.id), content(plan)).await.expect(200);
        assert_eq!(made.json["version"], plan.version);
    }

    /// Lets days pass.
    pub async fn pass(&mut self, lobby: &Lobby, days: i64) {
        let path = format!("/workspaces/{}/test-clock", self.workspace);
        let moved = self.owner.post(&path, json!({ "days": days })).await.expect(200).json;
        self.ahead += days * DAY;
        let now = instant(&moved["now"]).unwrap();
        assert!(now <= self.now(lobby));
        for member in &mut self.members {
            member.did.push(format!("{days} days pass"));
            member.person.pass(now);
        }
    }

    /// That all is told as the model has it.
    pub async fn check(&self) {
        self.check_invoices().await;
        let subscriptions = all(&self.owner, &format!("/subscriptions?workspace={}", self.workspace)).await;
        for member in &self.members {
            for one in &member.person.all {
                let told = subscriptions.iter().find(|told| told["id"] == one.id).unwrap();
                assert_eq!(*told, expected(member, one, told), "{}", member.story(told));
            }
            let entitled = member.client.get(&format!("/entitlements?workspace={}", self.workspace)).await;
            let entitled = entitled.expect(200).json;
            let plan = member.person.live().filter(|one| one.gives()).map(|one| &one.plan);
            assert_eq!(entitled["plan"], json!(plan.map(named)), "{}", member.story(&entitled));
            let most = plan.and_then(|plan| plan.most_projects);
            assert_eq!(entitled["limits"]["max_projects"]["limit"], json!(most), "{}", member.story(&entitled));
            let flags = plan.map_or(json!({}), |plan| json!({ (plan.code.as_str()): true }));
            assert_eq!(entitled["flags"], flags, "{}", member.story(&entitled));
            let role = role_of(&self.owner, &self.workspace, &member.client).await;
            let given = if plan.is_some_and(|plan| plan.gives_role) { GIVEN } else { "company_user" };
            assert_eq!(role, given, "{}", member.story(&json!(role)));
            member.person.is_fair().unwrap_or_else(|unfair| panic!("{unfair} {}", member.story(&entitled)));
        }
        let made: usize = self.members.iter().map(|member| member.person.all.len()).sum();
        assert_eq!(subscriptions.len(), made);
    }

    async fn check_invoices(&self) {
        let mut invoices = all(&self.owner, &format!("/invoices?workspace={}", self.workspace)).await;
        invoices.sort_by_key(|invoice| invoice["number"].as_i64());
        let numbers: Vec<i64> = invoices.iter().map(|invoice| invoice["number"].as_i64().unwrap()).collect();
        assert_eq!(numbers, (1..=i64::try_from(invoices.len()).unwrap()).collect::<Vec<_>>(), "numbers have no gaps");
        let mut billed = 0;
        for member in &self.members {
            for one in &member.person.all {
                let of_one = invoices.iter().filter(|invoice| invoice["subscription_id"] == one.id);
                let told: Vec<Value> = of_one.map(of_invoice).collect();
                let bills = one.bills.iter().map(|bill| {
                    let lines: Vec<Value> = bill
                        .lines
                        .iter()
                        .map(|(what, amount)| json!({ "description": what, "amount": amount }))
                        .collect();
                    let status = match (bill.paid, bill.voided) {
                        (None, None) => "finalised",
                        (Some(_), None) => "paid",
                        _ => "void",
                    };
                    json!({
                        "status": status, "lines": lines, "total": bill.total(), "currency": bill.currency,
                        "user_id": member.client.user, "by_platform": false, "finalised_at": bill.since,
                        "paid_at": bill.paid, "voided_at": bill.voided,
                    })
                });
                let bills: Vec<Value> = bills.collect();
                assert_eq!(told, bills, "{}", member.story(&json!(told)));
                billed += bills.len();
            }
        }
        assert_eq!(billed, invoices.len(), "invoices of nothing");
    }

    /// That the ledger has what the invoices add up to, and nothing else.
    pub async fn check_ledger(&self, lobby: &Lobby) {
        let mut expected: BTreeMap<(String, String), i128> = BTreeMap::new();
        let mut add = |kind: &str, currency: &str, amount: i64| {
            *expected.entry((kind.to_owned(), currency.to_owned())).or_default() += i128::from(amount);
        };
        let all = self.members.iter().flat_map(|member| &member.person.all);
        for bill in all.flat_map(|one| &one.bills).filter(|bill| bill.voided.is_none()) {
            let kind = if bill.paid.is_some() { "plan_cash" } else { "plan_receivable" };
            add(kind, bill.currency, bill.total());
            add("plan_revenue", bill.currency, -bill.total());
        }
        expected.retain(|_, amount| *amount != 0);
        let sql = "SELECT a.kind, a.currency, sum(e.amount)::bigint FROM billing.entries e \
            JOIN billing.accounts a ON a.id = e.account_id WHERE a.workspace_id = $1 GROUP BY 1, 2 HAVING sum(e.amount) <> 0";
        let mut connection = lobby.database.connect_to("billing").await;
        let workspace: uuid::Uuid = self.workspace.parse().unwrap();
        let held: Vec<(String, String, i64)> =
            sqlx::query_as(sql).bind(workspace).fetch_all(&mut connection).await.unwrap();
        let held: BTreeMap<(String, String), i128> =
            held.into_iter().map(|(kind, currency, amount)| ((kind, currency), amount.into())).collect();
        assert_eq!(held, expected, "the ledger of {}", self.workspace);
    }
}

/// All rows of a list.
async fn all(person: &Client, path: &str) -> Vec<Value> {
    let (mut rows, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = person.get(&format!("{path}&limit=200{cursor}")).await.expect(200);
        rows.extend_from_slice(page.items());
        match page.json["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return rows,
        }
    }
}

fn of_invoice(told: &Value) -> Value {
    let mut told = told.clone();
    for name in ["id", "workspace_id", "subscription_id", "number", "created_at"] {
        told.as_object_mut().unwrap().remove(name);
    }
    for name in ["finalised_at", "paid_at", "voided_at"] {
        told[name] = json!(instant(&told[name]));
    }
    told
}

fn named(plan: &Plan) -> Value {
    json!({
        "id": plan.id, "version": plan.version, "name": plan.name, "price": plan.price, "currency": plan.currency,
    })
}

/// A subscription as it is to be told; what the model has nothing of is taken as it is.
fn expected(member: &Member, one: &Subscription, told: &Value) -> Value {
    let mut expected = told.clone();
    let status = match one.phase {
        Phase::Trial => "trialing",
        Phase::Running => "active",
        Phase::Late => "past_due",
        Phase::Grace => "grace",
        Phase::Canceled => "canceled",
        Phase::Expired => "expired",
    };
    let at = |name: &str, at: Instant| if instant(&told[name]) == Some(at) { told[name].clone() } else { json!(at) };
    for (name, value) in [
        ("user_id", json!(member.client.user)),
        ("status", json!(status)),
        ("plan", named(&one.plan)),
        ("in_force", json!(one.gives())),
        ("ends_at_period_end", json!(one.ends)),
        ("next_plan", json!(one.next.as_ref().map(named))),
        ("waiting_plan", json!(one.wanted.as_ref().map(|wanted| named(&wanted.plan)))),
        ("payment_due", json!(one.owed.is_some() || one.wanted.is_some())),
        ("arrears", json!(one.arrears.iter().map(|(_, amount)| amount).sum::<i64>())),
        ("period_start", at("period_start", one.from)),
        ("period_end", at("period_end", one.to)),
    ] {
        expected[name] = value;
    }
    expected
}
