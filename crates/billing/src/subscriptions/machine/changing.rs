//! Changes of plan: up at once, down when the period is over, and what that costs.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Effect, Line, News, State, Status, Terms, Waiting,
    calendar::{days_begun, days_of, days_whole, later, prorated},
};

/// When a change takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Effective {
    /// At once, when what it costs is paid.
    Now,
    /// With the next period.
    Renewal,
}

/// What a change costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// When it takes place.
    pub effective: Effective,
    /// What is charged, line by line.
    pub lines: Vec<Line>,
    /// When the period ends in which it takes place, or when the next begins.
    pub until: DateTime<Utc>,
    /// Whether a new period begins with it.
    restarts: bool,
    /// Whether the trial goes on.
    in_trial: bool,
}

impl Quote {
    /// What is charged in all.
    pub fn amount(&self) -> i64 {
        self.lines.iter().map(|line| line.amount).sum()
    }
}

/// Why there is no change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is over.
    #[error("over")]
    Over,
    /// It ends with its period.
    #[error("ends with its period")]
    Ends,
    /// Something is to be paid first.
    #[error("payment due")]
    PaymentDue,
    /// Its period is over, and the next has not begun yet.
    #[error("between two periods")]
    Turning,
    /// It has these terms.
    #[error("the same terms")]
    Same,
    /// The other plan is in another currency.
    #[error("another currency")]
    OtherCurrency,
}

impl State {
    /// What a change to `terms` would cost now. `trial` says whether the subscriber had no trial of that plan.
    pub fn quote(&self, terms: &Terms, trial: bool, now: DateTime<Utc>) -> Result<Quote, Refused> {
        if self.status.is_over() {
            return Err(Refused::Over);
        }
        if self.owed.is_some() {
            return Err(Refused::PaymentDue);
        }
        if self.ends {
            return Err(Refused::Ends);
        }
        if now >= self.period_end {
            // Of a period that is over no day is left to be paid, so a change in it would cost nothing.
            return Err(Refused::Turning);
        }
        if terms.currency != self.terms.currency {
            return Err(Refused::OtherCurrency);
        }
        let plain = Quote {
            effective: Effective::Now,
            lines: Vec::new(),
            until: self.period_end,
            restarts: false,
            in_trial: false,
        };
        if terms.is(&self.terms) {
            // Back to what it is: a change that was planned, or isn't paid, is let go.
            return if self.next.is_some() || self.waiting.is_some() { Ok(plain) } else { Err(Refused::Same) };
        }
        if self.status == Status::Trialing {
            return Ok(self.quote_in_trial(terms, trial, now, plain));
        }
        let (old, new) = (&self.terms, terms);
        let is_up = new.yearly() > old.yearly() || (new.yearly() == old.yearly() && new.interval == old.interval);
        let lines = if new.interval == old.interval { self.rest(new, now) } else { self.anew(new, now) };
        let quote = Quote { lines, restarts: new.interval != old.interval, ..plain };
        // Money isn't given back: what would be cheaper than what is left waits.
        if !is_up || quote.amount() < 0 {
            return Ok(Quote { effective: Effective::Renewal, lines: Vec::new(), restarts: false, ..quote });
        }
        let until = if quote.restarts { new.interval.after(now, 1) } else { quote.until };
        Ok(Quote { until, ..quote })
    }

    /// In a trial a plan is exchanged for another's trial, which is no longer than if it had begun with it.
    fn quote_in_trial(&self, terms: &Terms, trial: bool, now: DateTime<Utc>, plain: Quote) -> Quote {
        let end = later(self.period_start, terms.trial_days).min(self.period_end);
        if trial && now < end {
            return Quote { until: end, in_trial: true, ..plain };
        }
        let until = terms.interval.after(now, 1);
        let line = State::period_line(terms, now, until);
        let lines = if terms.price == 0 { Vec::new() } else { vec![line] };
        Quote { lines, until, restarts: true, ..plain }
    }

    /// The days that are left of the period, at the new price instead of the old: the day that has begun is one of them.
    fn rest(&self, new: &Terms, now: DateTime<Utc>) -> Vec<Line> {
        let (days, of) = (days_begun(now, self.period_end), days_of(self.period_start, self.period_end));
        let line = |terms: &Terms, what: &str, sign: i64| {
            let amount = sign * prorated(terms.price, days, of);
            Line { description: format!("{}{what}, {days} of {of} days", terms.name), amount }
        };
        let lines = [line(&self.terms, ", not used", -1), line(new, "", 1)];
        lines.into_iter().filter(|line| line.amount != 0).collect()
    }

    /// A new period, less the whole days that are left of the old one.
    fn anew(&self, new: &Terms, now: DateTime<Utc>) -> Vec<Line> {
        let (days, of) = (days_whole(now, self.period_end), days_of(self.period_start, self.period_end));
        let unused = prorated(self.terms.price, days, of);
        let description = format!("{}, not used, {days} of {of} days", self.terms.name);
        let credit = Line { description, amount: -unused };
        let lines = [credit, State::period_line(new, now, new.interval.after(now, 1))];
        lines.into_iter().filter(|line| line.amount != 0).collect()
    }

    /// Makes a change as it was quoted.
    pub fn change(&mut self, terms: Terms, quote: Quote, now: DateTime<Utc>) -> Vec<Effect> {
        let mut effects = self.drop_waiting(now);
        if terms.is(&self.terms) {
            if self.next.take().is_some() {
                effects.push(Self::tell(News::ChangeDropped, now));
            }
        } else if quote.effective == Effective::Renewal {
            self.next = Some(terms);
            effects.push(Self::tell(News::ChangePlanned, now));
        } else if quote.amount() > 0 {
            let (owed, bill) = self.bill(quote.lines, now);
            self.waiting = Some(Waiting { terms, restarts: quote.restarts, owed });
            effects.push(bill);
        } else {
            effects.extend(self.have(terms, quote.restarts, now));
            if quote.in_trial {
                (self.status, self.period_end) = (Status::Trialing, quote.until);
            }
        }
        self.moved(effects)
    }

    /// The change that waited is paid.
    pub(super) fn take_change(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(waiting) = self.waiting.take() else { return Vec::new() };
        // A period that begins with it began when it was quoted: the days since then were credited.
        let from = if self.status == Status::Trialing { now } else { waiting.owed.since };
        let effects = self.have(waiting.terms, waiting.restarts, from);
        let told = |effect| match effect {
            Effect::Tell { news, .. } => Self::tell(news, now),
            other => other,
        };
        effects.into_iter().map(told).collect()
    }

    fn have(&mut self, terms: Terms, restarts: bool, now: DateTime<Utc>) -> Vec<Effect> {
        self.next = None;
        let was_trial = self.status == Status::Trialing;
        if restarts {
            self.restart(terms, now);
        } else {
            self.terms = terms;
        }
        let mut effects = vec![Self::tell(News::Changed, now)];
        if was_trial && restarts {
            (self.status, self.begun) = (Status::Active, true);
            effects.push(Self::tell(News::Activated, now));
        }
        effects
    }
}
