//! What time does to a subscription: trials and periods end, what is owed is asked for, and patience runs out.

use chrono::{DateTime, Duration, Utc};

use super::{Effect, News, Owed, Patience, State, Status, calendar::later};

/// How long an answer about a payment is waited for before it is asked for again. The gateway knows by the bill and the
/// attempt that it is the same.
pub const UNANSWERED: Duration = Duration::minutes(10);

impl State {
    /// When something happens to it by itself.
    pub fn due(&self, patience: Patience) -> Option<DateTime<Utc>> {
        if self.status.is_over() {
            return None;
        }
        let asked = [self.owed.as_ref(), self.waiting.as_ref().map(|waiting| &waiting.owed)];
        let asks = asked.into_iter().flatten().filter_map(|owed| owed.ask_at).min();
        let next = self.out_of_patience(patience).or(self.owed.is_none().then_some(self.period_end));
        [asks, next, self.lapses(patience)].into_iter().flatten().min()
    }

    /// When a change that isn't paid is let go: what was quoted counts days that go by.
    fn lapses(&self, patience: Patience) -> Option<DateTime<Utc>> {
        self.waiting.as_ref().map(|waiting| later(waiting.owed.since, patience.past_due_days))
    }

    /// When what is owed is no longer waited for in this status.
    fn out_of_patience(&self, patience: Patience) -> Option<DateTime<Utc>> {
        let owed = self.owed.as_ref()?;
        let past_due = later(owed.since, patience.past_due_days);
        match self.status {
            Status::PastDue => Some(past_due),
            Status::Grace => Some(later(past_due, patience.grace_days)),
            _ => None,
        }
    }

    /// Does the one thing that is due at `now`, which is what [`State::due`] said.
    pub fn pass(&mut self, patience: Patience, now: DateTime<Utc>) -> Vec<Effect> {
        if self.due(patience).is_none_or(|due| now < due) {
            return Vec::new();
        }
        if self.out_of_patience(patience).is_some_and(|end| end <= now) {
            return self.lose_patience(now);
        }
        if self.lapses(patience).is_some_and(|end| end <= now) {
            let effects = self.drop_waiting(now);
            return self.moved(effects);
        }
        if let Some(effect) = self.ask(now) {
            return vec![effect];
        }
        let effects = self.end_period(now);
        self.moved(effects)
    }

    /// Does the next thing that is due by `now`, unless that is to ask for money; answers when it was due, and what follows.
    /// Whoever is about to do something with a subscription does this first, until there is nothing: then they find it as
    /// it is, and not as it was before its period ended.
    pub fn catch_up(&mut self, patience: Patience, now: DateTime<Utc>) -> Option<(DateTime<Utc>, Vec<Effect>)> {
        let due = self.due(patience).filter(|due| *due <= now)?;
        let mut after = self.clone();
        let effects = after.pass(patience, due);
        if effects.iter().any(|effect| matches!(effect, Effect::Ask { .. })) {
            return None;
        }
        *self = after;
        Some((due, effects))
    }

    fn ask(&mut self, now: DateTime<Utc>) -> Option<Effect> {
        let is_due = |owed: &Owed| owed.ask_at.is_some_and(|at| at <= now);
        let waiting = self.waiting.as_mut().map(|waiting| &mut waiting.owed);
        let owed = [self.owed.as_mut(), waiting].into_iter().flatten().find(|owed| is_due(owed))?;
        // Without an answer it is made again, as the same attempt.
        owed.ask_at = now.checked_add_signed(UNANSWERED);
        Some(Effect::Ask { bill: owed.bill, attempt: owed.asked + 1 })
    }

    fn lose_patience(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let effects = if self.status == Status::PastDue && self.begun {
            self.status = Status::Grace;
            vec![Self::tell(News::GraceBegan, now)]
        } else {
            self.over(Status::Expired, News::Expired, now)
        };
        self.moved(effects)
    }

    /// The end of a trial or of a period, and what comes after it.
    fn end_period(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        if self.ends {
            return self.over(Status::Canceled, News::Canceled, now);
        }
        let mut effects = self.drop_waiting(now);
        let was_trial = self.status == Status::Trialing;
        let former = self.terms.clone();
        let terms = self.next.take().unwrap_or_else(|| former.clone());
        if terms.is(&former) && !was_trial {
            self.count += 1;
            self.period_start = self.period_end;
            self.period_end = terms.interval.after(self.anchor, self.count + 1);
        } else if terms.interval == former.interval && !was_trial {
            self.count += 1;
            self.period_start = self.period_end;
            self.period_end = terms.interval.after(self.anchor, self.count + 1);
            self.terms = terms;
        } else {
            self.restart(terms, self.period_end);
        }
        if !self.terms.is(&former) {
            effects.push(Self::tell(News::Changed, now));
        }
        self.status = Status::Active;
        let news = if was_trial { News::Activated } else { News::Renewed };
        effects.push(Self::tell(news, now));
        self.begun = !was_trial;
        if self.terms.price == 0 {
            self.begun = true;
        } else {
            let line = Self::period_line(&self.terms, self.period_start, self.period_end);
            let (owed, bill) = self.bill(vec![line], now);
            self.owed = Some(owed);
            effects.push(bill);
        }
        effects
    }
}
