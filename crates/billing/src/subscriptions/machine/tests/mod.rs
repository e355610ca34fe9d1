//! The machine held against cases worked out by hand, and against another reckoning of the same.

mod cases;
mod histories;
mod reckoning;

use chrono::{DateTime, Duration, TimeZone, Utc};
use uuid::Uuid;

use super::{Effect, Interval, Patience, State, Terms};
use crate::plans::PlanId;

const PATIENCE: Patience = Patience { past_due_days: 7, grace_days: 7, retry_days: 3 };

fn at(year: i32, month: u32, day: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(year, month, day, 0, 0, 0).unwrap()
}

fn terms(plan: u128, price: i64, interval: Interval, trial_days: u16) -> Terms {
    let name = format!("Plan {plan}");
    Terms { plan: PlanId(Uuid::from_u128(plan)), version: 1, name, price, currency: "EUR".into(), interval, trial_days }
}

fn monthly(plan: u128, price: i64) -> Terms {
    terms(plan, price, Interval::Month, 0)
}

/// What somebody answers who is asked for money: by bill and attempt.
type Answers = fn(u32, u32) -> Answer;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Paid,
    Declined,
    Pending,
}

/// Lets time pass until `until`, answering what is asked.
fn pass(state: &mut State, until: DateTime<Utc>, answers: impl Fn(u32, u32) -> Answer) -> Vec<Effect> {
    let mut effects = Vec::new();
    while let Some(due) = state.due(PATIENCE).filter(|due| *due <= until) {
        for effect in state.pass(PATIENCE, due) {
            if let Effect::Ask { bill, attempt } = effect {
                effects.extend(match answers(bill, attempt) {
                    Answer::Paid => state.paid(bill, due),
                    Answer::Declined => state.declined(bill, attempt, PATIENCE, due),
                    Answer::Pending => state.pending(bill, attempt, due),
                });
            } else {
                effects.push(effect);
            }
        }
    }
    effects
}

const ALWAYS: Answers = |_, _| Answer::Paid;
const NEVER: Answers = |_, _| Answer::Declined;

fn billed(effects: &[Effect]) -> Vec<i64> {
    let amounts = effects.iter().filter_map(|effect| match effect {
        Effect::Bill { lines, .. } => Some(lines.iter().map(|line| line.amount).sum()),
        _ => None,
    });
    amounts.collect()
}

fn days(days: i64) -> Duration {
    Duration::days(days)
}
