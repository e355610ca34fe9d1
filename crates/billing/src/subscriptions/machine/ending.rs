//! How a subscription ends.

use chrono::{DateTime, Utc};

use super::{
    Effect, Line, News, State, Status,
    calendar::{days_begun, days_of, prorated},
};

impl State {
    /// Ends it: now, or with its period. What isn't paid for has no period to end with.
    pub fn cancel(&mut self, at_once: bool, now: DateTime<Utc>) -> Vec<Effect> {
        if self.status.is_over() {
            return Vec::new();
        }
        let waits = !at_once && matches!(self.status, Status::Trialing | Status::Active) && self.owed.is_none();
        let effects = if !waits {
            self.over(Status::Canceled, News::Canceled, now)
        } else if self.ends {
            Vec::new()
        } else {
            let mut effects = self.drop_waiting(now);
            (self.ends, self.next) = (true, None);
            effects.push(Self::tell(News::EndPlanned, now));
            effects
        };
        self.moved(effects)
    }

    /// Nothing comes after it: what isn't paid is taken back. What was used of it stays in mind, for the case that they return.
    pub(super) fn over(&mut self, status: Status, news: News, now: DateTime<Utc>) -> Vec<Effect> {
        let mut effects = self.drop_waiting(now);
        let used = self.used_unpaid(now);
        self.arrears.extend(used);
        if let Some(owed) = self.owed.take() {
            effects.push(Effect::Void { bill: owed.bill });
        }
        (self.status, self.next) = (status, None);
        effects.push(Self::tell(news, now));
        effects
    }

    /// The days of the period that were used by now, the one that has begun counted whole, if it was in force and isn't paid.
    fn used_unpaid(&self, now: DateTime<Utc>) -> Option<Line> {
        let is_used = self.owed.is_some() && self.is_in_force();
        let of = days_of(self.period_start, self.period_end);
        let days = days_begun(self.period_start, now.min(self.period_end)).min(of);
        let amount = prorated(self.terms.price, days, of);
        let description = format!("{}, used and not paid, {days} of {of} days", self.terms.name);
        (is_used && amount > 0).then_some(Line { description, amount })
    }

    /// Lets go of a change that isn't paid.
    pub(super) fn drop_waiting(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(waiting) = self.waiting.take() else { return Vec::new() };
        vec![Effect::Void { bill: waiting.owed.bill }, Self::tell(News::ChangeDropped, now)]
    }
}
