//! Somebody who records, takes back, repeats and tries what is refused; what is answered goes into the model.

use std::{collections::BTreeSet, sync::atomic::Ordering};

use chrono::{DateTime, NaiveDate, Utc};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    World,
    model::{Entry, KINDS},
    sending::{Request, count, persist},
};
use crate::harness::{Answer, Client};

/// What one does with the projects that they have alone, and with those of all.
pub struct Worker<'a> {
    world: &'a World,
    dice: StdRng,
    /// The project in which nobody else does anything: what is refused there is known beforehand.
    own: usize,
    /// What was answered 201, and the id of what was made.
    done: Vec<(Request, String)>,
    person: &'a Client,
}

impl<'a> Worker<'a> {
    pub fn new(world: &'a World, own: usize, seed: u64) -> Self {
        let person = &world.people[own % world.people.len()];
        Self { world, dice: StdRng::seed_from_u64(seed), own, done: Vec::new(), person }
    }

    /// Does so many things.
    pub async fn work(mut self, steps: usize) {
        for _ in 0..steps {
            match self.dice.random_range(0..100) {
                0..70 => self.record().await,
                70..86 => self.reverse().await,
                86..93 => self.repeat().await,
                _ => self.try_what_is_never_done().await,
            }
        }
    }

    fn pick(&mut self) -> usize {
        let shared = self.world.shared();
        if self.dice.random_bool(0.3) { self.dice.random_range(shared) } else { self.own }
    }

    fn day(&mut self) -> NaiveDate {
        let month = self.dice.random_range(1..=12);
        NaiveDate::from_ymd_opt(self.dice.random_range(2024..2027), month, self.dice.random_range(1..=28)).unwrap()
    }

    async fn send(&mut self, request: &Request, may_leave: bool) -> Answer {
        persist(&mut self.dice, self.person, (&self.world.instance, &self.world.tally), request, may_leave).await
    }

    async fn record(&mut self) {
        let (project, kind, day) = (self.pick(), KINDS[self.dice.random_range(0..4)], self.day());
        // Now and then as much as there may be, of what no budget bounds.
        let is_much = matches!(kind, "deposit" | "refund") && self.dice.random_bool(0.01);
        let amount: i64 = self.dice.random_range(1..=if is_much { 1_000_000_000_000 } else { 5_000 });
        let is_alone = project == self.own;
        let allow = is_alone && self.dice.random_bool(0.1);
        let mut reasons = self.world.reasons(project, day);
        let rules = self.world.projects[project].rules();
        if kind == "invoice" && rules.kind == "non_billable" {
            reasons.insert("not_billable");
        }
        let counts = matches!(kind, "invoice" | "withdrawal");
        let limit = rules.limit.filter(|_| counts);
        let beyond = limit
            .filter(|_| is_alone)
            .is_some_and(|limit| self.world.books().counted(project, kind) + i128::from(amount) > i128::from(limit));
        if beyond && !allow {
            reasons.insert("budget_exceeded");
        }
        let mut body = json!({ "type": kind, "amount": amount, "occurred_on": day, "description": "Größe ☂" });
        if allow {
            body["allow_over_budget"] = json!(true);
        }
        let path = format!("/projects/{}/operations", self.world.projects[project].id);
        let request = Request { path, key: Uuid::now_v7().to_string(), body };
        // One that may be refused is waited for: left behind, it might be made later, when there is room again.
        let may_leave = reasons.is_empty() && (is_alone || limit.is_none());
        let began = self.world.now();
        let answer = self.send(&request, may_leave).await;
        if answer.status == 201 {
            assert!(reasons.is_empty(), "made in spite of {reasons:?}: {request:?}: {}", answer.json);
            let entry = Entry {
                id: answer.id(),
                project,
                kind,
                amount: amount.into(),
                day,
                at: self.told(&answer, began),
                over_budget: beyond,
                by: self.person.user.clone(),
                reverses: None,
                reversed_by: None,
            };
            self.world.holds(&entry, &answer.json);
            self.world.books().add(entry);
            count(&self.world.tally.recorded);
            return self.done.push((request, answer.id()));
        }
        if !is_alone && let Some(limit) = limit {
            reasons.insert("budget_exceeded");
            if answer.json["code"] == "budget_exceeded" {
                let used = answer.json["used"].as_i64().unwrap();
                assert!(used + amount > limit, "{request:?}: {}", answer.json);
                assert_eq!(answer.json["limit"], limit);
            }
        }
        self.refused(&request, &answer, &reasons);
    }

    async fn reverse(&mut self) {
        let project = self.pick();
        let original = {
            let books = self.world.books();
            let all = books.of_project(project);
            if all.is_empty() {
                return;
            }
            all[self.dice.random_range(0..all.len())]
        };
        let known = self.world.books().entries[original].clone();
        let day = self.dice.random_bool(0.8).then(|| self.day());
        let began = self.world.now();
        let mut reasons = self.world.reasons(project, day.unwrap_or_else(|| began.date_naive()));
        if known.reverses.is_some() {
            reasons.insert("not_reversible");
        }
        if known.reversed_by.is_some() {
            reasons.insert("already_reversed");
        }
        let body = day.map_or_else(|| json!({}), |day| json!({ "occurred_on": day }));
        let path = format!("/operations/{}/reversal", known.id);
        let request = Request { path, key: Uuid::now_v7().to_string(), body };
        let answer = self.send(&request, reasons.is_empty()).await;
        if answer.status == 201 {
            assert!(reasons.is_empty(), "made in spite of {reasons:?}: {request:?}: {}", answer.json);
            let at = self.told(&answer, began);
            let entry = Entry {
                id: answer.id(),
                day: day.unwrap_or_else(|| at.date_naive()),
                at,
                over_budget: false,
                by: self.person.user.clone(),
                reverses: Some(original),
                ..known
            };
            self.world.holds(&entry, &answer.json);
            self.world.books().add(entry);
            count(&self.world.tally.reversed);
            return self.done.push((request, answer.id()));
        }
        if project != self.own && known.reverses.is_none() {
            reasons.insert("already_reversed");
        }
        if answer.json["code"] == "already_reversed" {
            self.world.books().said_reversed.insert(original);
        }
        self.refused(&request, &answer, &reasons);
    }

    /// The same again, which makes no second; or another with the key of one that was made.
    async fn repeat(&mut self) {
        if self.done.is_empty() {
            return;
        }
        let (mut request, id) = self.done[self.dice.random_range(0..self.done.len())].clone();
        count(&self.world.tally.repeated);
        if self.dice.random_bool(0.7) {
            let answer = self.send(&request, true).await.expect(201);
            assert_eq!((answer.id(), answer.header("idempotency-replayed")), (id, "true"), "{request:?}");
        } else {
            request.body["description"] = json!("another");
            self.send(&request, false).await.problem(422, "idempotency_key_reused");
        }
    }

    /// What is refused whatever there is.
    async fn try_what_is_never_done(&mut self) {
        let world = self.world;
        let path = format!("/projects/{}/operations", world.projects[self.pick()].id);
        let dormant = format!("/projects/{}/operations", world.dormant);
        let plain = json!({ "type": "deposit", "amount": 7 });
        let (person, path, body, status, code) = match self.dice.random_range(0..5) {
            0 => (self.person, path, json!({ "type": "deposit", "amount": 0 }), 422, "validation_failed"),
            1 => (
                self.person,
                path,
                json!({ "type": "invoice", "amount": 1_000_000_000_001_i64 }),
                422,
                "validation_failed",
            ),
            2 => (self.person, dormant, plain, 409, "project_inactive"),
            3 => {
                let over = json!({ "type": "withdrawal", "amount": 1, "allow_over_budget": true });
                (&world.clerk, path, over, 403, "permission_denied")
            }
            _ => (&world.stranger, path, plain, 404, "not_found"),
        };
        let request = Request { path, key: Uuid::now_v7().to_string(), body };
        let answer = persist(&mut self.dice, person, (&world.instance, &world.tally), &request, true).await;
        answer.problem(status, code);
        count(&world.tally.refused);
    }

    /// When it was recorded, which was between the first time that it was asked for and now.
    fn told(&self, answer: &Answer, began: DateTime<Utc>) -> DateTime<Utc> {
        let at = moment(&answer.json["created_at"]);
        assert!(began <= at && at <= self.world.now(), "recorded at {at}, asked for at {began}");
        at
    }

    fn refused(&self, request: &Request, answer: &Answer, reasons: &BTreeSet<&str>) {
        let code = answer.json["code"].as_str().unwrap_or_default();
        assert!(answer.status == 409 && reasons.contains(code), "{request:?}: {} is not {reasons:?}", answer.json);
        self.world.tally.refused.fetch_add(1, Ordering::Relaxed);
    }
}

/// An instant as it is told.
pub fn moment(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap().parse().unwrap()
}
