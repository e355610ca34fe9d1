//! How subscriptions are paid: by somebody who says so, or, where things are tried out, as it is told beforehand.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use billing::{
    InvoiceId,
    ports::{Charge, Gateway, Outcome, Unanswered},
};
use uuid::Uuid;

/// Nobody is charged: an operator says when an invoice is paid.
#[derive(Clone, Copy, Debug)]
pub struct Manual;

#[async_trait]
impl Gateway for Manual {
    async fn charge(&self, _: &Charge) -> Result<Outcome, Unanswered> {
        Ok(Outcome::Pending)
    }
}

/// Moves no money: pays at once, unless it was told what to answer. For tests, and for trying things out.
#[derive(Clone, Debug, Default)]
pub struct Fake(Arc<Mutex<Told>>);

#[derive(Debug, Default)]
struct Told {
    /// What to answer a payer, in this order; the last one stays.
    scripts: HashMap<Uuid, VecDeque<Outcome>>,
    /// What was answered, by the key of a charge.
    answered: HashMap<(InvoiceId, u32), Outcome>,
    /// What was charged and paid.
    taken: Vec<Charge>,
}

impl Fake {
    /// Answers this payer so from now on, one after the other; the last one again and again.
    pub fn script(&self, payer: Uuid, outcomes: impl IntoIterator<Item = Outcome>) {
        self.told().scripts.insert(payer, outcomes.into_iter().collect());
    }

    /// What was paid, in its order.
    pub fn taken(&self) -> Vec<Charge> {
        self.told().taken.clone()
    }

    fn told(&self) -> std::sync::MutexGuard<'_, Told> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Gateway for Fake {
    async fn charge(&self, charge: &Charge) -> Result<Outcome, Unanswered> {
        let mut told = self.told();
        let key = (charge.invoice, charge.attempt);
        if let Some(outcome) = told.answered.get(&key) {
            return Ok(*outcome);
        }
        let script = told.scripts.entry(charge.payer).or_default();
        let outcome = if script.len() > 1 { script.pop_front() } else { script.front().copied() };
        let outcome = outcome.unwrap_or(Outcome::Paid);
        told.answered.insert(key, outcome);
        if outcome == Outcome::Paid {
            told.taken.push(charge.clone());
        }
        Ok(outcome)
    }
}
