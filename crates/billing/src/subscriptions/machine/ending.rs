//! How a subscription ends.

use chrono::{DateTime, Utc};

use super::{Effect, News, State, Status};

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

    /// Nothing comes after it: what isn't paid is taken back.
    pub(super) fn over(&mut self, status: Status, news: News, now: DateTime<Utc>) -> Vec<Effect> {
        let mut effects = self.drop_waiting(now);
        if let Some(owed) = self.owed.take() {
            effects.push(Effect::Void { bill: owed.bill });
        }
        (self.status, self.next) = (status, None);
        effects.push(Self::tell(news, now));
        effects
    }

    /// Lets go of a change that isn't paid.
    pub(super) fn drop_waiting(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(waiting) = self.waiting.take() else { return Vec::new() };
        vec![Effect::Void { bill: waiting.owed.bill }, Self::tell(News::ChangeDropped, now)]
    }
}
