//! The same subscription reckoned another way: by quarters of days, one after the other, with a calendar of its own and
//! whole numbers only. It shares nothing with the machine but the rules.

use super::{Answer, PATIENCE};

/// Quarters of a day since the first of March 2000.
pub type Quarter = i64;

/// A plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    pub id: u8,
    pub cents: i64,
    pub yearly: bool,
    pub trial: i64,
}

#[derive(Clone, Copy, Debug)]
struct Due {
    bill: u32,
    cents: i64,
    since: Quarter,
    ask: Option<Quarter>,
    tries: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Trial,
    Running,
    Late,
    Grace,
    Over,
}

#[derive(Clone, Debug)]
pub struct Reckoning {
    pub phase: Phase,
    pub plan: Plan,
    paid_once: bool,
    next: Option<Plan>,
    wanted: Option<(Plan, bool, Due)>,
    owed: Option<Due>,
    first: Quarter,
    nth: i64,
    pub from: Quarter,
    pub to: Quarter,
    ending: bool,
    bills: u32,
    pub billed: i64,
    pub paid: i64,
    pub voided: i64,
    /// What was used and not paid by who left.
    pub arrears: i64,
    /// What was given, in billionths of cents.
    pub given: i128,
}

const MONTHS: [i64; 12] = [31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 28];

/// The days of a month, counted from March 2000; each fourth February has one more (enough for a century).
fn length(month: i64) -> i64 {
    let leap = month % 12 == 11 && (month / 12 + 1) % 4 == 0;
    MONTHS[usize::try_from(month % 12).unwrap()] + i64::from(leap)
}

/// Month and day of a day.
fn date(mut day: i64) -> (i64, i64) {
    let mut month = 0;
    while day >= length(month) {
        day -= length(month);
        month += 1;
    }
    (month, day)
}

fn day_of(month: i64, day: i64) -> i64 {
    (0..month).map(length).sum::<i64>() + day.min(length(month) - 1)
}

fn months_on(from: Quarter, months: i64) -> Quarter {
    let (month, day) = date(from.div_euclid(4));
    day_of(month + months, day) * 4 + from.rem_euclid(4)
}

/// Rounded half up, by going to the tenth of a cent first.
fn part(cents: i64, days: i64, of: i64) -> i64 {
    let whole = cents * days / of;
    let rest = cents * days % of;
    if rest * 2 >= of { whole + 1 } else { whole }
}

impl Plan {
    fn months(self) -> i64 {
        if self.yearly { 12 } else { 1 }
    }

    fn by_year(self) -> i64 {
        if self.yearly { self.cents } else { self.cents * 12 }
    }
}

impl Reckoning {
    pub fn begin(plan: Plan, trial: bool, now: Quarter) -> Self {
        let mut new = Self {
            phase: Phase::Running,
            plan,
            paid_once: true,
            next: None,
            wanted: None,
            owed: None,
            first: now,
            nth: 0,
            from: now,
            to: months_on(now, plan.months()),
            ending: false,
            bills: 0,
            billed: 0,
            paid: 0,
            voided: 0,
            arrears: 0,
            given: 0,
        };
        if trial && plan.trial > 0 {
            (new.phase, new.to) = (Phase::Trial, now + plan.trial * 4);
        } else if plan.cents > 0 {
            (new.phase, new.paid_once) = (Phase::Late, false);
            new.owed = Some(new.charge(plan.cents, now));
        }
        new
    }

    /// Another subscription of the same person.
    pub fn begin_again(&mut self, plan: Plan, trial: bool, now: Quarter) {
        let mut new = Self::begin(plan, trial && self.arrears == 0, now);
        if self.arrears > 0 {
            (new.phase, new.paid_once, new.bills, new.billed) = (Phase::Late, false, 0, 0);
            let due = new.charge(plan.cents + self.arrears, now);
            new.owed = Some(due);
        }
        let sums = (self.billed, self.paid, self.voided, self.arrears, self.given);
        *self =
            Self { billed: sums.0 + new.billed, paid: sums.1, voided: sums.2, arrears: sums.3, given: sums.4, ..new };
    }

    /// What is owed of what is in force.
    pub fn owed_in_force(&self) -> i64 {
        self.owed.filter(|_| self.gives()).map_or(0, |due| due.cents)
    }

    fn charge(&mut self, cents: i64, now: Quarter) -> Due {
        self.bills += 1;
        self.billed += cents;
        Due { bill: self.bills, cents, since: now, ask: Some(now), tries: 0 }
    }

    pub fn gives(&self) -> bool {
        match self.phase {
            Phase::Trial | Phase::Running => true,
            Phase::Late | Phase::Grace => self.paid_once,
            Phase::Over => false,
        }
    }

    /// Lets a quarter of a day go by, and does what is due then.
    pub fn quarter(&mut self, now: Quarter, answers: impl Fn(u32, u32) -> Answer) {
        if self.gives() && self.phase != Phase::Trial {
            let days = i128::from((self.to - self.from) / 4);
            self.given += i128::from(self.plan.cents) * 1_000_000_000 / (days * 4);
        }
        self.settle(now, answers);
    }

    /// Does what is due at this moment.
    pub fn settle(&mut self, now: Quarter, answers: impl Fn(u32, u32) -> Answer) {
        while self.once(now, &answers) {}
    }

    fn once(&mut self, now: Quarter, answers: &impl Fn(u32, u32) -> Answer) -> bool {
        let late = i64::from(PATIENCE.past_due_days) * 4;
        let grace = i64::from(PATIENCE.grace_days) * 4;
        match (self.phase, self.owed) {
            (Phase::Over, _) => return false,
            (Phase::Late, Some(due)) if now >= due.since + late => {
                if self.paid_once {
                    self.phase = Phase::Grace;
                } else {
                    self.finish(now);
                }
                return true;
            }
            (Phase::Grace, Some(due)) if now >= due.since + late + grace => {
                self.finish(now);
                return true;
            }
            _ => {}
        }
        if self.wanted.is_some_and(|(_, _, due)| now >= due.since + late) {
            self.let_go();
            return true;
        }
        if let Some(due) = self.owed.filter(|due| due.ask.is_some_and(|ask| ask <= now)) {
            self.answer_owed(due, answers(due.bill, due.tries + 1), now);
            return true;
        }
        if let Some((_, _, due)) = self.wanted.filter(|(_, _, due)| due.ask.is_some_and(|ask| ask <= now)) {
            match answers(due.bill, due.tries + 1) {
                Answer::Paid => self.pay(due.bill, now),
                Answer::Declined => self.let_go(),
                Answer::Pending => {
                    if let Some((_, _, due)) = &mut self.wanted {
                        (due.ask, due.tries) = (None, due.tries + 1);
                    }
                }
            }
            return true;
        }
        if self.owed.is_none() && now >= self.to {
            self.turn(now);
            return true;
        }
        false
    }

    fn answer_owed(&mut self, due: Due, answer: Answer, now: Quarter) {
        let again = match answer {
            Answer::Paid => return self.pay(due.bill, now),
            Answer::Declined => Some(now + i64::from(PATIENCE.retry_days) * 4),
            Answer::Pending => None,
        };
        self.owed = Some(Due { ask: again, tries: due.tries + 1, ..due });
        if self.phase == Phase::Running {
            self.phase = Phase::Late;
        }
    }

    fn turn(&mut self, now: Quarter) {
        if self.ending {
            return self.finish(now);
        }
        self.let_go();
        let (was_trial, former) = (self.phase == Phase::Trial, self.plan);
        self.plan = self.next.take().unwrap_or(former);
        if was_trial || self.plan.yearly != former.yearly {
            (self.first, self.nth) = (self.to, 0);
        } else {
            self.nth += 1;
        }
        self.from = self.to;
        self.to = months_on(self.first, self.plan.months() * (self.nth + 1));
        (self.phase, self.paid_once) = (Phase::Running, !was_trial || self.plan.cents == 0);
        if self.plan.cents > 0 {
            self.owed = Some(self.charge(self.plan.cents, now));
        }
    }

    fn finish(&mut self, now: Quarter) {
        self.let_go();
        if self.owed.is_some() && self.gives() {
            let days = (now - self.from + 3) / 4;
            self.arrears += part(self.plan.cents, days, (self.to - self.from) / 4);
        }
        if let Some(due) = self.owed.take() {
            self.voided += due.cents;
        }
        (self.phase, self.next) = (Phase::Over, None);
    }

    fn let_go(&mut self) {
        if let Some((_, _, due)) = self.wanted.take() {
            self.voided += due.cents;
        }
    }

    /// The bills that somebody can still pay.
    pub fn open(&self) -> Vec<u32> {
        self.owed.iter().chain(self.wanted.iter().map(|(_, _, due)| due)).map(|due| due.bill).collect()
    }

    pub fn pay(&mut self, bill: u32, now: Quarter) {
        if let Some(due) = self.owed.filter(|due| due.bill == bill) {
            self.owed = None;
            self.arrears = 0;
            self.paid += due.cents;
            if self.phase == Phase::Late && !self.paid_once {
                self.afresh(self.plan, now);
            }
            (self.phase, self.paid_once) = (Phase::Running, true);
        } else if let Some((plan, restarts, due)) = self.wanted.filter(|(_, _, due)| due.bill == bill) {
            self.wanted = None;
            self.paid += due.cents;
            self.take(plan, restarts, if self.phase == Phase::Trial { now } else { due.since });
        }
    }

    fn afresh(&mut self, plan: Plan, now: Quarter) {
        (self.plan, self.first, self.nth, self.from) = (plan, now, 0, now);
        self.to = months_on(now, plan.months());
    }

    fn take(&mut self, plan: Plan, restarts: bool, now: Quarter) {
        self.next = None;
        if restarts {
            self.afresh(plan, now);
            (self.phase, self.paid_once) = (Phase::Running, true);
        } else {
            self.plan = plan;
        }
    }

    pub fn cancel(&mut self, at_once: bool, now: Quarter) {
        let waits = !at_once && self.owed.is_none() && matches!(self.phase, Phase::Trial | Phase::Running);
        if self.phase == Phase::Over || (waits && self.ending) {
            return;
        }
        if !waits {
            return self.finish(now);
        }
        self.let_go();
        (self.ending, self.next) = (true, None);
    }

    /// Changes to another plan; answers what that costs, or nothing where it can't be.
    pub fn change(&mut self, plan: Plan, trial: bool, now: Quarter) -> Option<i64> {
        if self.phase == Phase::Over || self.owed.is_some() || self.ending {
            return None;
        }
        if plan.id == self.plan.id {
            if self.next.is_none() && self.wanted.is_none() {
                return None;
            }
            self.let_go();
            self.next = None;
            return Some(0);
        }
        if self.phase == Phase::Trial {
            return Some(self.change_trial(plan, trial, now));
        }
        let (left, of) = (self.to - now, (self.to - self.from) / 4);
        let begun = (left + 3) / 4;
        let restarts = plan.yearly != self.plan.yearly;
        let cents = if restarts {
            plan.cents - part(self.plan.cents, left / 4, of)
        } else {
            part(plan.cents, begun, of) - part(self.plan.cents, begun, of)
        };
        let higher = plan.by_year() > self.plan.by_year() || (!restarts && plan.cents == self.plan.cents);
        self.let_go();
        if !higher || cents < 0 {
            self.next = Some(plan);
            return Some(0);
        }
        self.agree(plan, restarts, cents, now);
        Some(cents)
    }

    fn change_trial(&mut self, plan: Plan, trial: bool, now: Quarter) -> i64 {
        self.let_go();
        let end = self.to.min(self.from + plan.trial * 4);
        if trial && now < end {
            self.plan = plan;
            self.next = None;
            self.to = end;
            return 0;
        }
        self.agree(plan, true, plan.cents, now);
        plan.cents
    }

    fn agree(&mut self, plan: Plan, restarts: bool, cents: i64, now: Quarter) {
        if cents == 0 {
            return self.take(plan, restarts, now);
        }
        let due = self.charge(cents, now);
        self.wanted = Some((plan, restarts, due));
    }
}
