//! How a subscription begins: with a trial, for nothing, or with something to pay.

use chrono::{DateTime, Utc};

use super::{Effect, Line, News, State, Status, Terms, calendar::later};

impl State {
    /// A new one, of someone who owes nothing.
    #[cfg(test)]
    pub fn start(terms: Terms, trial: bool, now: DateTime<Utc>) -> (Self, Vec<Effect>) {
        Self::begin(Vec::new(), terms, trial, now)
    }

    /// A new one. Its trial is given if the plan has one and `trial` says that the subscriber had none of it. What they used before
    /// and didn't pay is on the first bill: until that is paid there is no trial, and nothing for nothing.
    pub fn begin(arrears: Vec<Line>, terms: Terms, trial: bool, now: DateTime<Utc>) -> (Self, Vec<Effect>) {
        let end = terms.interval.after(now, 1);
        let mut state = Self {
            status: Status::Active,
            begun: true,
            terms,
            next: None,
            waiting: None,
            anchor: now,
            count: 0,
            period_start: now,
            period_end: end,
            ends: false,
            owed: None,
            arrears,
            bills: 0,
            sequence: 0,
        };
        let mut effects = vec![Self::tell(News::Created, now)];
        if trial && state.terms.trial_days > 0 && state.arrears.is_empty() {
            state.status = Status::Trialing;
            state.period_end = later(now, state.terms.trial_days);
            effects.push(Self::tell(News::TrialBegan, now));
        } else if state.terms.price == 0 && state.arrears.is_empty() {
            effects.push(Self::tell(News::Activated, now));
        } else {
            // Nothing is given before it is paid.
            (state.status, state.begun) = (Status::PastDue, false);
            let line = Line { description: state.terms.name.clone(), amount: state.terms.price };
            let mut lines = state.arrears.clone();
            lines.extend(Some(line).filter(|line| line.amount > 0));
            let (owed, bill) = state.bill(lines, now);
            state.owed = Some(owed);
            effects.push(bill);
        }
        let effects = state.moved(effects);
        (state, effects)
    }

    /// Begins a period of these terms at `now`, from which all that follow are counted.
    pub(super) fn restart(&mut self, terms: Terms, now: DateTime<Utc>) {
        (self.anchor, self.count) = (now, 0);
        (self.period_start, self.period_end) = (now, terms.interval.after(now, 1));
        self.terms = terms;
    }
}
