//! Somebody, all their subscriptions one after the other, and what they do.

use std::collections::{BTreeSet, VecDeque};

use super::{
    calendar::{DAY, Instant},
    subscription::{Answer, Bill, Lines, Next, Phase, Plan, Quote, Subscription},
};

/// Somebody: their subscriptions, the trials that they had, and what they answer when they are asked for money.
#[derive(Debug, Default)]
pub struct Person {
    pub all: Vec<Subscription>,
    pub trials: BTreeSet<String>,
    pub answers: VecDeque<Answer>,
    /// What whoever sells took back of what was owed for what was had: it is given away.
    presents: i64,
}

impl Person {
    /// What they have that isn't over.
    pub fn live(&self) -> Option<&Subscription> {
        self.all.last().filter(|last| !last.is_over())
    }

    fn last(&mut self) -> &mut Subscription {
        self.all.last_mut().unwrap()
    }

    fn arrears(&self) -> i64 {
        self.all.iter().flat_map(|one| &one.arrears).map(|(_, amount)| amount).sum()
    }

    /// Whether they owe something in another currency.
    pub fn owes_elsewhere(&self, plan: &Plan) -> bool {
        self.all.iter().any(|one| !one.arrears.is_empty() && one.plan.currency != plan.currency)
    }

    pub fn subscribe(&mut self, id: String, plan: &Plan, now: Instant) {
        let has_trial = plan.trial > 0 && !self.trials.contains(&plan.id) && self.arrears() == 0;
        let arrears: Lines = self.all.iter_mut().flat_map(|one| std::mem::take(&mut one.arrears)).collect();
        let mut new = Subscription::new(id, plan, arrears, now);
        if has_trial {
            (new.phase, new.to) = (Phase::Trial, now + plan.trial * DAY);
            self.trials.insert(plan.id.clone());
        } else if plan.price > 0 || !new.arrears.is_empty() {
            let mut lines = new.arrears.clone();
            lines.extend((plan.price > 0).then(|| (plan.name.clone(), plan.price)));
            (new.phase, new.was_paid) = (Phase::Late, false);
            new.owed = Some(new.charge(lines, now));
        }
        self.all.push(new);
        self.pass(now);
    }

    /// Lets happen what happens by itself until `now`.
    pub fn pass(&mut self, now: Instant) {
        let Some(one) = self.all.last_mut() else { return };
        while let Some((at, next)) = one.next().filter(|(at, _)| *at <= now) {
            one.give(at);
            match next {
                Next::Impatience if one.phase == Phase::Late && one.was_paid => one.phase = Phase::Grace,
                Next::Impatience => one.finish(Phase::Expired, at),
                Next::Lapse => one.let_go(at),
                Next::Turn => one.turn(at),
                Next::Ask(bill) => {
                    let answers = &mut self.answers;
                    let answer = if answers.len() > 1 { answers.pop_front() } else { answers.front().copied() };
                    one.answered(bill, answer.unwrap_or(Answer::Paid), at);
                }
            }
        }
        one.give(now);
    }

    /// What a change would cost, or why there is none.
    pub fn quote(&self, plan: &Plan, now: Instant) -> Result<(Plan, Quote), &'static str> {
        let one = self.all.last().unwrap();
        let goes_back = plan.id == one.plan.id && (one.next.is_some() || one.wanted.is_some());
        let plan = if goes_back { &one.plan } else { plan };
        let quote = one.quote(plan, !self.trials.contains(&plan.id), now)?;
        Ok((plan.clone(), quote))
    }

    pub fn change(&mut self, plan: Plan, quote: Quote, now: Instant) {
        if quote.in_trial {
            self.trials.insert(plan.id.clone());
        }
        self.last().give(now);
        self.last().change(plan, quote, now);
        self.pass(now);
    }

    pub fn cancel(&mut self, at_once: bool, now: Instant) {
        let one = self.last();
        one.give(now);
        let waits = !at_once && one.owed.is_none() && matches!(one.phase, Phase::Trial | Phase::Running);
        if !waits {
            one.finish(Phase::Canceled, now);
        } else if !one.ends {
            one.let_go(now);
            (one.ends, one.next) = (true, None);
        }
    }

    /// Somebody says that a bill is paid.
    pub fn pay(&mut self, bill: usize, now: Instant) {
        self.last().give(now);
        self.last().pay(bill, now);
    }

    /// Somebody takes a bill back.
    pub fn waive(&mut self, bill: usize, now: Instant) {
        let one = self.last();
        one.give(now);
        one.bills[bill].voided = Some(now);
        if one.owed == Some(bill) {
            one.owed = None;
            one.arrears.clear();
            one.finish(Phase::Canceled, now);
            let present = one.bills[bill].total();
            self.presents += present;
        } else {
            one.wanted = None;
        }
    }

    /// Whether no more was given than was paid for, or is owed. Half a unit may be lost by rounding with each line.
    pub fn is_fair(&self) -> Result<(), String> {
        let (mut given, mut had) = (0, 0);
        for one in &self.all {
            given += one.given;
            let owed = one.owed.filter(|_| one.gives()).map_or(0, |bill| one.bills[bill].total());
            let paid: i64 = one.bills.iter().filter(|bill| bill.paid.is_some()).map(Bill::total).sum();
            let lines: usize = one.bills.iter().map(|bill| bill.lines.len()).sum();
            had += i128::from(paid + owed) * 2 + lines as i128 + 2;
        }
        had += i128::from(self.arrears() + self.presents) * 2;
        if given * 2 <= had * 1_000_000_000 { Ok(()) } else { Err(format!("{given} billionths for {had} halves")) }
    }
}
