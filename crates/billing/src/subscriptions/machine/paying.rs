//! What an answer about a payment does.

use chrono::{DateTime, Utc};

use super::{Effect, News, Owed, Patience, State, Status, calendar::later};

impl State {
    /// A bill is paid.
    pub fn paid(&mut self, bill: u32, now: DateTime<Utc>) -> Vec<Effect> {
        let effects = if self.owed.as_ref().is_some_and(|owed| owed.bill == bill) {
            self.owed = None;
            let was = self.status;
            // They were on the first bill, and before that is paid no other is made.
            self.arrears.clear();
            if was == Status::PastDue && !self.begun {
                // What was waited for begins when it is paid, not when it was asked for.
                let terms = self.terms.clone();
                self.restart(terms, now);
            }
            (self.status, self.begun) = (Status::Active, true);
            if was == Status::Active { Vec::new() } else { vec![Self::tell(News::Activated, now)] }
        } else if self.waiting.as_ref().is_some_and(|waiting| waiting.owed.bill == bill) {
            self.take_change(now)
        } else {
            return Vec::new();
        };
        // Also where nothing is told: the bill is settled.
        self.sequence += 1;
        effects
    }

    /// An attempt failed.
    pub fn declined(&mut self, bill: u32, attempt: u32, patience: Patience, now: DateTime<Utc>) -> Vec<Effect> {
        if let Some(owed) = answered(self.owed.as_mut(), bill, attempt) {
            owed.ask_at = Some(later(now, patience.retry_days.max(1)));
            return self.fall_behind(now);
        }
        let waiting = self.waiting.as_mut().map(|waiting| &mut waiting.owed);
        if answered(waiting, bill, attempt).is_some() {
            // A change that can't be paid isn't made.
            let effects = self.drop_waiting(now);
            return self.moved(effects);
        }
        Vec::new()
    }

    /// Somebody will say when it is paid.
    pub fn pending(&mut self, bill: u32, attempt: u32, now: DateTime<Utc>) -> Vec<Effect> {
        if let Some(owed) = answered(self.owed.as_mut(), bill, attempt) {
            owed.ask_at = None;
            return self.fall_behind(now);
        }
        let waiting = self.waiting.as_mut().map(|waiting| &mut waiting.owed);
        if let Some(owed) = answered(waiting, bill, attempt) {
            owed.ask_at = None;
        }
        Vec::new()
    }

    fn fall_behind(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        if self.status != Status::Active {
            return Vec::new();
        }
        self.status = Status::PastDue;
        let effects = vec![Self::tell(News::PastDue, now)];
        self.moved(effects)
    }

    /// A bill was taken back by who made it: what rested on it ends.
    pub fn waived(&mut self, bill: u32, now: DateTime<Utc>) -> Vec<Effect> {
        let effects = if self.owed.as_ref().is_some_and(|owed| owed.bill == bill) {
            self.owed = None;
            // Whoever takes the bill back takes back all that is on it.
            self.arrears.clear();
            self.over(Status::Canceled, News::Canceled, now)
        } else if self.waiting.as_ref().is_some_and(|waiting| waiting.owed.bill == bill) {
            self.waiting = None;
            vec![Self::tell(News::ChangeDropped, now)]
        } else {
            Vec::new()
        };
        self.moved(effects)
    }
}

/// What is owed, if it is this bill and this attempt that was answered.
fn answered(owed: Option<&mut Owed>, bill: u32, attempt: u32) -> Option<&mut Owed> {
    let owed = owed.filter(|owed| owed.bill == bill && owed.asked + 1 == attempt)?;
    owed.asked += 1;
    Some(owed)
}
