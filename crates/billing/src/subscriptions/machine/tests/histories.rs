//! Random histories: ten thousand of them without a cent of drift, none that gives more than was paid for, and one of
//! four hundred days that is told the same however time passes.

use super::{
    reckoning::{Phase, Plan, Quarter, Reckoning},
    *,
};
use crate::subscriptions::machine::Status;

/// `SplitMix64`: the same histories in every run.
struct Dice(u64);

impl Dice {
    fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.throw() % bound
    }
}

fn moment(quarter: Quarter) -> DateTime<Utc> {
    at(2000, 3, 1) + Duration::hours(quarter * 6)
}

fn agreed(plan: Plan) -> Terms {
    let interval = if plan.yearly { Interval::Year } else { Interval::Month };
    terms(plan.id.into(), plan.cents, interval, u16::try_from(plan.trial).unwrap())
}

fn plans(dice: &mut Dice) -> Vec<Plan> {
    let plan = |id| Plan {
        id,
        cents: if id == 0 { 0 } else { i64::try_from(dice.below(20_000)).unwrap() },
        yearly: dice.below(4) == 0,
        trial: i64::try_from(dice.below(3) * 7).unwrap(),
    };
    (0..5).map(plan).collect()
}

/// What comes of asking, by bill and attempt.
fn answers(seed: u64) -> impl Fn(u32, u32) -> Answer + Copy {
    move |bill, attempt| match Dice(seed ^ (u64::from(bill) << 32) ^ u64::from(attempt)).below(10) {
        0..=6 => Answer::Paid,
        7 | 8 => Answer::Declined,
        _ => Answer::Pending,
    }
}

/// The money of a machine's effects.
#[derive(Default)]
struct Books {
    /// Of the subscription at hand; those before it have none that is open.
    bills: Vec<(u32, i64)>,
    billed: i64,
    voided: i64,
}

impl Books {
    /// Another subscription, which counts its bills anew.
    fn begin(&mut self) {
        self.bills.clear();
    }

    fn note(&mut self, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::Bill { bill, lines } => {
                    let amount = lines.iter().map(|line| line.amount).sum();
                    assert!(amount > 0, "a bill of nothing");
                    self.bills.push((*bill, amount));
                    self.billed += amount;
                }
                Effect::Void { bill } => self.voided += self.amount(*bill),
                Effect::Ask { .. } | Effect::Tell { .. } => {}
            }
        }
    }

    fn amount(&self, bill: u32) -> i64 {
        self.bills.iter().find(|(known, _)| *known == bill).unwrap().1
    }
}

fn phase(status: Status) -> Phase {
    match status {
        Status::Trialing => Phase::Trial,
        Status::Active => Phase::Running,
        Status::PastDue => Phase::Late,
        Status::Grace => Phase::Grace,
        Status::Canceled | Status::Expired => Phase::Over,
    }
}

fn history(seed: u64) {
    let mut dice = Dice(seed);
    let plans = plans(&mut dice);
    let pick = |dice: &mut Dice| plans[usize::try_from(dice.below(5)).unwrap()];
    let mut now = i64::try_from(dice.below(4 * 1461)).unwrap();
    let (plan, trial) = (pick(&mut dice), dice.below(2) == 0);
    let answers = answers(dice.throw());
    let mut model = Reckoning::begin(plan, trial, now);
    let (mut state, effects) = State::start(agreed(plan), trial, moment(now));
    let mut books = Books::default();
    books.note(&effects);
    books.note(&pass(&mut state, moment(now), answers));
    model.settle(now, answers);
    let mut lines = 0;
    for step in 0..24 {
        for _ in 0..=dice.below(60) {
            now += 1;
            books.note(&pass(&mut state, moment(now), answers));
            model.quarter(now, answers);
        }
        match dice.below(10) {
            0..=4 => {
                let (to, trial) = (pick(&mut dice), dice.below(2) == 0);
                let quoted = state.quote(&agreed(to), trial, moment(now)).ok();
                let expected = model.change(to, trial, now);
                assert_eq!(quoted.as_ref().map(super::super::Quote::amount), expected, "seed {seed}, step {step}");
                if let Some(quote) = quoted {
                    books.note(&state.change(agreed(to), quote, moment(now)));
                }
            }
            5 => {
                let at_once = dice.below(3) == 0;
                books.note(&state.cancel(at_once, moment(now)));
                model.cancel(at_once, now);
            }
            6 => {
                if let Some(bill) = model.open().first().copied() {
                    books.note(&state.paid(bill, moment(now)));
                    model.pay(bill, now);
                }
            }
            _ => {}
        }
        books.note(&pass(&mut state, moment(now), answers));
        model.settle(now, answers);
        let open: i64 = model.open().into_iter().map(|bill| books.amount(bill)).sum();
        let paid = books.billed - books.voided - open;
        assert_eq!(
            (books.billed, books.voided, paid, phase(state.status), state.is_in_force()),
            (model.billed, model.voided, model.paid, model.phase, model.gives()),
            "seed {seed}, step {step}"
        );
        let arrears: i64 = state.arrears.iter().map(|line| line.amount).sum();
        assert_eq!(arrears, model.arrears, "seed {seed}, step {step}");
        if model.phase == Phase::Over {
            // They return, at once or later, to this plan or to another.
            now += i64::try_from(dice.below(3) * 30).unwrap();
            let (plan, trial) = (pick(&mut dice), dice.below(2) == 0);
            lines += i64::from(state.bills) + 1;
            let (mut next, effects) = State::begin(state.arrears.clone(), agreed(plan), trial, moment(now));
            books.begin();
            books.note(&effects);
            model.begin_again(plan, trial, now);
            books.note(&pass(&mut next, moment(now), answers));
            model.settle(now, answers);
            state = next;
            continue;
        }
        assert_eq!((state.period_start, state.period_end), (moment(model.from), moment(model.to)), "seed {seed}");
        assert_eq!(state.terms, agreed(model.plan), "seed {seed}, step {step}");
    }
    // What is in force and not paid yet is owed: by its bill, or in the case of who left, by the first bill if they return.
    // Rounding half up may give half a cent in each line of each bill.
    let owed = model.owed_in_force() + model.arrears;
    let bound = i128::from(model.paid + owed + lines + i64::from(state.bills) + 1) * 1_000_000_000;
    assert!(model.given <= bound, "seed {seed}: gave {} for {} and {owed} owed", model.given, model.paid);
}

#[test]
fn ten_thousand_histories_drift_by_no_cent_and_give_no_more_than_was_paid_for() {
    for seed in 0..10_000 {
        history(seed);
    }
}

/// A history of four hundred days, told in JSON; time passes in steps of so many days.
fn told(step: i64) -> String {
    let answers = answers(42);
    let mut told = Vec::new();
    let begin = at(2027, 1, 31);
    let (mut state, effects) = State::start(terms(1, 1_999, Interval::Month, 14), true, begin);
    told.extend(effects);
    for (day, price) in [(40, 4_999), (100, 999), (170, 9_999), (260, 1_999), (400, 0)] {
        let mut now = begin + days(day - day % step);
        let until = begin + days(day);
        let mut from = begin;
        while from < now {
            from = (from + days(step)).min(now);
            told.extend(pass(&mut state, from, answers));
        }
        now = until;
        told.extend(pass(&mut state, now, answers));
        let to = monthly(u128::try_from(price).unwrap(), price);
        if let Ok(quote) = state.quote(&to, true, now) {
            told.extend(state.change(to, quote, now));
        }
    }
    assert!(state.sequence > 10);
    serde_json::to_string(&(told, state)).unwrap()
}

#[test]
fn four_hundred_days_are_told_the_same_byte_for_byte() {
    let once = told(1);
    assert_eq!(once, told(1));
    assert_eq!(once, told(7));
    assert_eq!(once, told(400));
}
