//! What somebody does with their subscription: at random, and what comes of it is what the model says.

use billing::ports::Outcome;
use rand::RngExt;
use serde_json::{Value, json};

use super::{
    calendar::Instant,
    shop::{Member, Shop, instant},
    subscription::{Answer, Plan, Quote},
};
use crate::harness::{Client, Lobby};

/// Where and when.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    pub lobby: &'a Lobby,
    pub owner: &'a Client,
    pub workspace: &'a str,
    pub plans: &'a [Plan],
    pub ahead: i64,
}

impl Shop {
    /// Everybody does something, all at once.
    pub async fn act(&mut self, lobby: &Lobby) {
        let Self { owner, workspace, plans, members, ahead, .. } = self;
        let place = Place { lobby, owner, workspace, plans, ahead: *ahead };
        futures_util::future::join_all(members.iter_mut().map(|member| place.act(member))).await;
    }
}

impl Place<'_> {
    fn now(&self) -> Instant {
        self.lobby.clock.now().timestamp_micros() + self.ahead
    }

    /// The invoices of a subscription, in their order.
    async fn invoices(&self, id: &str) -> Vec<Value> {
        let path = format!("/invoices?workspace={}&subscription={id}&limit=200", self.workspace);
        let mut invoices = self.owner.get(&path).await.expect(200).items().to_vec();
        invoices.sort_by_key(|invoice| invoice["number"].as_i64());
        invoices
    }

    /// When something happened that was asked for at `asked`: as it is told somewhere, to the microsecond, or else now.
    async fn when(&self, asked: Instant, id: &str, told: &Value) -> Instant {
        let now = self.now();
        let mut said = vec![instant(&told["period_start"])];
        for invoice in self.invoices(id).await {
            said.extend(["finalised_at", "paid_at", "voided_at"].map(|name| instant(&invoice[name])));
        }
        let mut within: Vec<Instant> = said.into_iter().flatten().filter(|at| (asked..=now).contains(at)).collect();
        within.dedup();
        assert!(within.len() <= 1, "one thing at several moments: {within:?}, {told}");
        within.first().copied().unwrap_or(now)
    }

    async fn act(&self, member: &mut Member) {
        if member.dice.random_bool(0.6) {
            self.script(member);
        }
        let plan = self.plans[member.dice.random_range(0..self.plans.len())].clone();
        let Some(live) = member.person.live() else {
            if member.dice.random_bool(0.9) {
                self.subscribe(member, &plan).await;
            }
            return;
        };
        let open: Vec<usize> = (0..live.bills.len()).filter(|bill| live.bills[*bill].is_open()).collect();
        match member.dice.random_range(0..100) {
            0..52 => self.change(member, &plan).await,
            52..60 => self.cancel(member, false).await,
            60..67 => self.cancel(member, true).await,
            67..72 => {
                let body = json!({ "plan": plan.id, "workspace": self.workspace });
                member.client.post("/subscriptions", body).await.problem(409, "already_subscribed");
            }
            72..86 if !open.is_empty() => self.settle(member, open[0], "pay").await,
            86..89 if !open.is_empty() => self.settle(member, open[0], "void").await,
            _ => {}
        }
    }

    fn script(&self, member: &mut Member) {
        let answers: Vec<Answer> = (0..member.dice.random_range(1..4))
            .map(|_| match member.dice.random_range(0..10) {
                0..6 => Answer::Paid,
                6..9 => Answer::Declined,
                _ => Answer::Pending,
            })
            .collect();
        let outcomes = answers.iter().map(|answer| match answer {
            Answer::Paid => Outcome::Paid,
            Answer::Declined => Outcome::Declined,
            Answer::Pending => Outcome::Pending,
        });
        member.did.push(format!("answers {answers:?}"));
        self.lobby.services().fake_gateway().script(member.client.user.parse().unwrap(), outcomes);
        member.person.answers = answers.into();
    }

    async fn subscribe(&self, member: &mut Member, plan: &Plan) {
        member.did.push(format!("subscribes to {plan:?}"));
        let asked = self.now();
        let body = json!({ "plan": plan.code, "workspace": self.workspace });
        let made = member.client.post("/subscriptions", body).await;
        if member.person.owes_elsewhere(plan) {
            made.problem(409, "owed_in_another_currency");
            return;
        }
        let made = made.expect(201);
        let at = instant(&made.json["period_start"]).unwrap();
        assert!((asked..=self.now()).contains(&at), "{}", made.json);
        member.person.subscribe(made.id(), plan, at);
    }

    async fn change(&self, member: &mut Member, plan: &Plan) {
        member.did.push(format!("asks for {plan:?}"));
        let id = member.person.live().unwrap().id.clone();
        let told = member.client.post(&format!("/subscriptions/{id}/quote"), json!({ "plan": plan.id })).await;
        let (wanted, quote) = match member.person.quote(plan, self.now()) {
            Ok(quoted) => quoted,
            Err(code @ "other_currency") => {
                assert_eq!(told.expect(422).json["errors"][0]["code"], code);
                return;
            }
            Err(code) => {
                told.problem(409, code);
                return;
            }
        };
        let told = told.expect(200).json;
        as_quoted(member, &wanted, &quote, &told);
        if member.dice.random_bool(0.1) {
            return;
        }
        let (path, mut key) = (format!("/subscriptions/{id}/change"), told["quote"].clone());
        let (asked, changed) = loop {
            let asked = self.now();
            let changed = member.client.post(&path, json!({ "plan": plan.id, "quote": key })).await;
            // Where midnight has come meanwhile, another day is told.
            if changed.status != 409 {
                break (asked, changed.expect(200).json);
            }
            let told = changed.problem(409, "quote_changed").json["quote"].clone();
            let (wanted, quote) = member.person.quote(plan, self.now()).unwrap();
            as_quoted(member, &wanted, &quote, &told);
            key = told["quote"].clone();
        };
        let at = self.when(asked, &id, &changed).await;
        let (wanted, quote) = member.person.quote(plan, at).unwrap();
        member.did.push(format!("changes for {quote:?}"));
        member.person.change(wanted, quote, at);
    }

    async fn cancel(&self, member: &mut Member, at_once: bool) {
        member.did.push(format!("cancels, {}", if at_once { "now" } else { "at the end" }));
        let id = member.person.live().unwrap().id.clone();
        let asked = self.now();
        let canceled = member.client.delete(&format!("/subscriptions/{id}?now={at_once}")).await.expect(200).json;
        let at = self.when(asked, &id, &canceled).await;
        member.person.cancel(at_once, at);
    }

    /// Somebody who sells says that a bill is paid, or takes it back.
    async fn settle(&self, member: &mut Member, bill: usize, how: &str) {
        member.did.push(format!("is said to {how} bill {bill}"));
        let id = member.person.live().unwrap().id.clone();
        let invoice = self.invoices(&id).await[bill]["id"].as_str().unwrap().to_owned();
        let settled = self.owner.act(&format!("/invoices/{invoice}/{how}")).await.expect(200).json;
        if how == "pay" {
            member.person.pay(bill, instant(&settled["paid_at"]).unwrap());
        } else {
            member.person.waive(bill, instant(&settled["voided_at"]).unwrap());
        }
    }

    /// Ends what is left, so that nothing becomes of it while others are looked at.
    pub async fn leave(&self, member: &mut Member) {
        if member.person.live().is_some() {
            self.cancel(member, true).await;
        }
    }
}

fn as_quoted(member: &Member, plan: &Plan, quote: &Quote, told: &Value) {
    let lines: Vec<Value> =
        quote.lines.iter().map(|(what, amount)| json!({ "description": what, "amount": amount })).collect();
    let effective = if quote.is_now { "now" } else { "renewal" };
    let expected = (json!(lines), json!(quote.amount()), json!(effective), json!(plan.version));
    let said = (&told["lines"], &told["amount"], &told["effective"], &told["plan"]["version"]);
    assert_eq!(said, (&expected.0, &expected.1, &expected.2, &expected.3), "{}", member.story(told));
    if !quote.restarts {
        assert_eq!(instant(&told["until"]), Some(quote.until), "{}", member.story(told));
    }
}
