//! What becomes of somebody's subscriptions, by the rules as they are told to people, reckoned apart from the product.
//!
//! Higher is at once and for what the days that are left cost, the one that has begun among them; lower is from the next
//! period on, and nothing is paid back. Another interval begins a period of its own, less the whole days that are left. What isn't
//! paid is past due for a week, then in grace for another; a first payment gives nothing before it is made.

use super::calendar::{DAY, Instant, months_on, part, written};

/// Days for which something is past due, and then in grace, and between two times of asking.
const LATE: i64 = 7 * DAY;
const GRACE: i64 = 7 * DAY;
const AGAIN: i64 = 3 * DAY;

/// What is sold: a version of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub id: String,
    pub version: i64,
    pub code: String,
    pub name: String,
    pub price: i64,
    pub currency: &'static str,
    pub months: i64,
    pub trial: i64,
    pub gives_role: bool,
    pub most_projects: Option<i64>,
}

impl Plan {
    fn by_year(&self) -> i64 {
        self.price * (12 / self.months)
    }

    fn is(&self, other: &Self) -> bool {
        self.id == other.id && self.version == other.version
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Trial,
    Running,
    Late,
    Grace,
    Canceled,
    Expired,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Paid,
    Declined,
    Pending,
}

pub type Lines = Vec<(String, i64)>;

/// A bill, and what became of it.
#[derive(Clone, Debug)]
pub struct Bill {
    pub lines: Lines,
    pub currency: &'static str,
    pub since: Instant,
    pub paid: Option<Instant>,
    pub voided: Option<Instant>,
    /// Whether it was paid without anybody saying so.
    pub by_gateway: bool,
    ask: Option<Instant>,
}

impl Bill {
    pub fn total(&self) -> i64 {
        self.lines.iter().map(|(_, amount)| amount).sum()
    }

    pub fn is_open(&self) -> bool {
        self.paid.is_none() && self.voided.is_none()
    }
}

/// What a change would cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    pub is_now: bool,
    pub lines: Lines,
    pub restarts: bool,
    pub until: Instant,
    pub in_trial: bool,
}

impl Quote {
    pub fn amount(&self) -> i64 {
        self.lines.iter().map(|(_, amount)| amount).sum()
    }
}

/// A change that is to be paid: to what, whether with a period of its own, by which bill.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub plan: Plan,
    restarts: bool,
    bill: usize,
}

/// One subscription.
#[derive(Clone, Debug)]
pub struct Subscription {
    pub id: String,
    pub phase: Phase,
    pub plan: Plan,
    pub next: Option<Plan>,
    pub wanted: Option<Wanted>,
    pub owed: Option<usize>,
    pub from: Instant,
    pub to: Instant,
    pub ends: bool,
    pub bills: Vec<Bill>,
    pub arrears: Lines,
    pub was_paid: bool,
    first: Instant,
    nth: i64,
    /// When it was looked at last, and what was given until then: billionths of the smallest unit.
    seen: Instant,
    pub given: i128,
}

/// What happens next by itself. In this order, where several do at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Next {
    Impatience,
    Lapse,
    Ask(usize),
    Turn,
}

impl Subscription {
    pub fn new(id: String, plan: &Plan, arrears: Lines, now: Instant) -> Self {
        Self {
            id,
            phase: Phase::Running,
            plan: plan.clone(),
            next: None,
            wanted: None,
            owed: None,
            from: now,
            to: months_on(now, plan.months),
            ends: false,
            bills: Vec::new(),
            arrears,
            was_paid: true,
            first: now,
            nth: 0,
            seen: now,
            given: 0,
        }
    }

    pub fn is_over(&self) -> bool {
        matches!(self.phase, Phase::Canceled | Phase::Expired)
    }

    /// Whether its plan is had.
    pub fn gives(&self) -> bool {
        match self.phase {
            Phase::Trial | Phase::Running => true,
            Phase::Late | Phase::Grace => self.was_paid,
            Phase::Canceled | Phase::Expired => false,
        }
    }

    pub fn give(&mut self, now: Instant) {
        let passed = i128::from((now - self.seen).max(0));
        self.seen = self.seen.max(now);
        if self.gives() && self.phase != Phase::Trial {
            self.given += i128::from(self.plan.price) * 1_000_000_000 * passed / i128::from(self.to - self.from);
        }
    }

    pub fn next(&self) -> Option<(Instant, Next)> {
        if self.is_over() {
            return None;
        }
        let mut all = Vec::new();
        if let Some(bill) = self.owed {
            let since = self.bills[bill].since;
            match self.phase {
                Phase::Late => all.push((since + LATE, Next::Impatience)),
                Phase::Grace => all.push((since + LATE + GRACE, Next::Impatience)),
                _ => {}
            }
        } else {
            all.push((self.to, Next::Turn));
        }
        let wanted = self.wanted.as_ref().map(|wanted| wanted.bill);
        all.extend(wanted.map(|bill| (self.bills[bill].since + LATE, Next::Lapse)));
        let open = [self.owed, wanted].into_iter().flatten();
        all.extend(open.filter_map(|bill| Some((self.bills[bill].ask?, Next::Ask(bill)))));
        all.into_iter().min()
    }

    pub fn charge(&mut self, lines: Lines, now: Instant) -> usize {
        let currency = self.plan.currency;
        let (paid, voided, by_gateway, ask) = (None, None, false, Some(now));
        self.bills.push(Bill { lines, currency, since: now, paid, voided, by_gateway, ask });
        self.bills.len() - 1
    }

    pub fn answered(&mut self, bill: usize, answer: Answer, now: Instant) {
        self.bills[bill].ask = None;
        match answer {
            Answer::Paid => {
                self.bills[bill].by_gateway = true;
                self.pay(bill, now);
            }
            Answer::Declined if self.owed != Some(bill) => self.let_go(now),
            Answer::Pending if self.owed != Some(bill) => {}
            _ => {
                if answer == Answer::Declined {
                    self.bills[bill].ask = Some(now + AGAIN);
                }
                if self.phase == Phase::Running {
                    self.phase = Phase::Late;
                }
            }
        }
    }

    pub fn pay(&mut self, bill: usize, now: Instant) {
        self.bills[bill].paid = Some(now);
        if self.owed == Some(bill) {
            self.owed = None;
            self.arrears.clear();
            if self.phase == Phase::Late && !self.was_paid {
                self.restart(self.plan.clone(), now);
            }
            (self.phase, self.was_paid) = (Phase::Running, true);
        } else if let Some(wanted) = self.wanted.take() {
            let from = if self.phase == Phase::Trial { now } else { self.bills[bill].since };
            self.have(wanted.plan, wanted.restarts, from);
        }
    }

    fn restart(&mut self, plan: Plan, now: Instant) {
        (self.first, self.nth, self.from, self.to) = (now, 0, now, months_on(now, plan.months));
        self.plan = plan;
    }

    fn have(&mut self, plan: Plan, restarts: bool, now: Instant) {
        self.next = None;
        if !restarts {
            self.plan = plan;
            return;
        }
        self.restart(plan, now);
        if self.phase == Phase::Trial {
            (self.phase, self.was_paid) = (Phase::Running, true);
        }
    }

    pub fn let_go(&mut self, now: Instant) {
        if let Some(wanted) = self.wanted.take() {
            self.bills[wanted.bill].voided = Some(now);
        }
    }

    pub fn finish(&mut self, phase: Phase, now: Instant) {
        self.let_go(now);
        if let Some(bill) = self.owed.take() {
            if self.gives() {
                let of = (self.to - self.from) / DAY;
                let days = (now.min(self.to) - self.from + DAY - 1).div_euclid(DAY).clamp(0, of);
                let amount = part(self.plan.price, days, of);
                let what = format!("{}, used and not paid, {days} of {of} days", self.plan.name);
                self.arrears.extend((amount > 0).then_some((what, amount)));
            }
            self.bills[bill].voided = Some(now);
        }
        (self.phase, self.next) = (phase, None);
    }

    pub fn turn(&mut self, now: Instant) {
        if self.ends {
            return self.finish(Phase::Canceled, now);
        }
        self.let_go(now);
        let was_trial = self.phase == Phase::Trial;
        let plan = self.next.take().unwrap_or_else(|| self.plan.clone());
        if was_trial || plan.months != self.plan.months {
            self.restart(plan, self.to);
        } else {
            self.nth += 1;
            (self.from, self.to) = (self.to, months_on(self.first, plan.months * (self.nth + 1)));
            self.plan = plan;
        }
        (self.phase, self.was_paid) = (Phase::Running, !was_trial || self.plan.price == 0);
        if self.plan.price > 0 {
            let lines = vec![period(&self.plan, self.from, self.to)];
            self.owed = Some(self.charge(lines, now));
        }
    }

    pub fn quote(&self, plan: &Plan, is_first: bool, now: Instant) -> Result<Quote, &'static str> {
        let had = &self.plan;
        if self.is_over() {
            return Err("subscription_over");
        }
        if self.owed.is_some() {
            return Err("payment_due");
        }
        if self.ends {
            return Err("subscription_ends");
        }
        if plan.currency != had.currency {
            return Err("other_currency");
        }
        let nothing = Quote { is_now: true, lines: Vec::new(), restarts: false, until: self.to, in_trial: false };
        if plan.is(had) {
            let goes_back = self.next.is_some() || self.wanted.is_some();
            return if goes_back { Ok(nothing) } else { Err("same_plan") };
        }
        let anew = period(plan, now, months_on(now, plan.months));
        if self.phase == Phase::Trial {
            let end = self.to.min(self.from + plan.trial * DAY);
            if is_first && now < end {
                return Ok(Quote { until: end, in_trial: true, ..nothing });
            }
            let lines = if plan.price > 0 { vec![anew] } else { Vec::new() };
            return Ok(Quote { lines, restarts: true, until: months_on(now, plan.months), ..nothing });
        }
        let (left, of) = (self.to - now, (self.to - self.from) / DAY);
        let restarts = plan.months != had.months;
        let days = if restarts { left.div_euclid(DAY) } else { (left + DAY - 1).div_euclid(DAY) };
        let unused = (format!("{}, not used, {days} of {of} days", had.name), -part(had.price, days, of));
        let rest = (format!("{}, {days} of {of} days", plan.name), part(plan.price, days, of));
        let lines: Lines =
            [unused, if restarts { anew } else { rest }].into_iter().filter(|(_, amount)| *amount != 0).collect();
        let is_higher = plan.by_year() > had.by_year() || (plan.by_year() == had.by_year() && !restarts);
        if !is_higher || lines.iter().map(|(_, amount)| amount).sum::<i64>() < 0 {
            return Ok(Quote { is_now: false, ..nothing });
        }
        let until = if restarts { months_on(now, plan.months) } else { self.to };
        Ok(Quote { lines, restarts, until, ..nothing })
    }

    pub fn change(&mut self, plan: Plan, quote: Quote, now: Instant) {
        self.let_go(now);
        if plan.is(&self.plan) {
            self.next = None;
        } else if !quote.is_now {
            self.next = Some(plan);
        } else if quote.amount() > 0 {
            let bill = self.charge(quote.lines, now);
            self.wanted = Some(Wanted { plan, restarts: quote.restarts, bill });
        } else if quote.in_trial {
            (self.plan, self.next, self.to) = (plan, None, quote.until);
        } else {
            self.have(plan, quote.restarts, now);
        }
    }
}

fn period(plan: &Plan, from: Instant, to: Instant) -> (String, i64) {
    (format!("{}, {} to {}", plan.name, written(from), written(to)), plan.price)
}
