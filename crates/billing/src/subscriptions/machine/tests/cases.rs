//! Cases worked out by hand.

use super::*;
use crate::subscriptions::machine::{Effective, Refused, Status};

#[test]
fn fourteen_of_thirty_one_days_at_a_hundred_cost_forty_five_sixteen() {
    let (mut state, _) = State::start(monthly(1, 0), true, at(2026, 1, 1));
    let (hundred, now) = (monthly(2, 10_000), at(2026, 1, 18));
    let quote = state.quote(&hundred, true, now).unwrap();
    assert_eq!((quote.amount(), quote.effective, quote.until), (4516, Effective::Now, at(2026, 2, 1)));
    let effects = state.change(hundred.clone(), quote, now);
    assert_eq!(billed(&effects), [4516]);
    assert_eq!(state.terms, monthly(1, 0), "nothing is given before it is paid");
    pass(&mut state, now, ALWAYS);
    assert_eq!(state.terms, hundred);
    assert_eq!(billed(&pass(&mut state, at(2026, 2, 1), ALWAYS)), [10_000]);
}

#[test]
fn a_day_that_has_begun_is_charged_whole() {
    let (state, _) = State::start(monthly(1, 0), true, at(2026, 1, 1));
    let noon = at(2026, 1, 18) + Duration::hours(12);
    assert_eq!(state.quote(&monthly(2, 10_000), true, noon).unwrap().amount(), 4516, "13.5 days count as 14");
    let last = at(2026, 2, 1) - Duration::seconds(1);
    assert_eq!(state.quote(&monthly(2, 3_100), true, last).unwrap().amount(), 100);
}

#[test]
fn months_end_when_they_end() {
    let (mut state, _) = State::start(monthly(1, 100), true, at(2026, 1, 31));
    pass(&mut state, at(2026, 1, 31), ALWAYS);
    let mut ends = Vec::new();
    for _ in 0..5 {
        let end = state.period_end;
        ends.push(end);
        pass(&mut state, end, ALWAYS);
    }
    assert_eq!(ends, [at(2026, 2, 28), at(2026, 3, 31), at(2026, 4, 30), at(2026, 5, 31), at(2026, 6, 30)]);
    let (mut state, _) = State::start(terms(1, 100, Interval::Year, 0), true, at(2024, 2, 29));
    pass(&mut state, at(2024, 2, 29), ALWAYS);
    assert_eq!(state.period_end, at(2025, 2, 28));
    pass(&mut state, at(2027, 3, 1), ALWAYS);
    assert_eq!(state.period_end, at(2028, 2, 29));
}

#[test]
fn nothing_is_given_before_the_first_payment_and_it_runs_from_there() {
    let (mut state, effects) = State::start(monthly(1, 900), true, at(2026, 1, 1));
    assert_eq!(billed(&effects), [900]);
    assert!(!state.is_in_force());
    pass(&mut state, at(2026, 1, 3), |_, _| Answer::Pending);
    assert_eq!((state.status, state.is_in_force()), (Status::PastDue, false));
    state.paid(1, at(2026, 1, 4));
    assert!(state.is_in_force());
    assert_eq!(state.period_end, at(2026, 2, 4));
}

#[test]
fn what_is_never_paid_expires_and_is_owed_no_more() {
    let (mut state, _) = State::start(monthly(1, 900), true, at(2026, 1, 1));
    let effects = pass(&mut state, at(2026, 3, 1), NEVER);
    assert_eq!(state.status, Status::Expired);
    assert!(effects.contains(&Effect::Void { bill: 1 }));
    assert_eq!(state.due(PATIENCE), None);
}

#[test]
fn a_renewal_that_fails_goes_past_due_then_into_grace_then_expires() {
    let (mut state, _) = State::start(monthly(1, 900), true, at(2026, 1, 1));
    let once = |bill, _| if bill == 1 { Answer::Paid } else { Answer::Declined };
    pass(&mut state, at(2026, 2, 1), once);
    assert_eq!((state.status, state.is_in_force()), (Status::PastDue, true));
    pass(&mut state, at(2026, 2, 8), once);
    assert_eq!((state.status, state.is_in_force()), (Status::Grace, true));
    let mut saved = state.clone();
    saved.paid(2, at(2026, 2, 10));
    assert_eq!((saved.status, saved.period_end), (Status::Active, at(2026, 3, 1)), "a late payment shifts nothing");
    pass(&mut state, at(2026, 2, 15), once);
    assert_eq!((state.status, state.is_in_force()), (Status::Expired, false));
}

#[test]
fn a_trial_ends_in_a_bill_and_what_is_not_paid_then_is_not_given() {
    let (mut state, effects) = State::start(terms(1, 900, Interval::Month, 14), true, at(2026, 1, 1));
    assert!(billed(&effects).is_empty());
    assert_eq!((state.status, state.period_end), (Status::Trialing, at(2026, 1, 15)));
    let effects = pass(&mut state, at(2026, 1, 15), NEVER);
    assert_eq!(billed(&effects), [900]);
    assert_eq!((state.status, state.is_in_force()), (Status::PastDue, false));
    let (second, effects) = State::start(terms(1, 900, Interval::Month, 14), false, at(2026, 1, 1));
    assert_eq!((second.status, billed(&effects)), (Status::PastDue, vec![900]), "a trial is given once");
}

#[test]
fn down_waits_for_the_renewal_and_up_lets_go_of_it() {
    let (mut state, _) = State::start(monthly(2, 3_000), true, at(2026, 4, 1));
    pass(&mut state, at(2026, 4, 1), ALWAYS);
    let now = at(2026, 4, 11);
    let quote = state.quote(&monthly(1, 1_000), true, now).unwrap();
    assert_eq!((quote.effective, quote.amount(), quote.until), (Effective::Renewal, 0, at(2026, 5, 1)));
    state.change(monthly(1, 1_000), quote, now);
    assert_eq!(state.terms.price, 3_000);
    let mut other = state.clone();
    assert_eq!(billed(&pass(&mut state, at(2026, 5, 1), ALWAYS)), [1_000]);
    let quote = other.quote(&monthly(3, 6_000), true, now).unwrap();
    assert_eq!(quote.amount(), 2_000, "20 of 30 days of the difference");
    other.change(monthly(3, 6_000), quote, now);
    pass(&mut other, now, ALWAYS);
    assert_eq!((other.next.is_none(), other.terms.price), (true, 6_000));
}

#[test]
fn a_change_that_is_declined_is_not_made() {
    let (mut state, _) = State::start(monthly(1, 1_000), true, at(2026, 4, 1));
    pass(&mut state, at(2026, 4, 1), ALWAYS);
    let quote = state.quote(&monthly(3, 6_000), true, at(2026, 4, 2)).unwrap();
    state.change(monthly(3, 6_000), quote, at(2026, 4, 2));
    let effects = pass(&mut state, at(2026, 4, 2), NEVER);
    assert!(effects.contains(&Effect::Void { bill: 2 }));
    assert_eq!((state.status, state.terms.price, state.waiting.is_none()), (Status::Active, 1_000, true));
}

#[test]
fn another_interval_begins_a_period_of_its_own_less_what_is_left() {
    let (mut state, _) = State::start(monthly(1, 3_000), true, at(2026, 4, 1));
    pass(&mut state, at(2026, 4, 1), ALWAYS);
    let yearly = terms(2, 40_000, Interval::Year, 0);
    let quote = state.quote(&yearly, true, at(2026, 4, 11)).unwrap();
    assert_eq!((quote.amount(), quote.until), (40_000 - 2_000, at(2027, 4, 11)));
    state.change(yearly, quote, at(2026, 4, 11));
    pass(&mut state, at(2026, 4, 11), ALWAYS);
    assert_eq!((state.anchor, state.period_end), (at(2026, 4, 11), at(2027, 4, 11)));
    // A month would cost less than what is left of the year: that waits for its end.
    let quote = state.quote(&monthly(3, 9_000), true, at(2026, 5, 1)).unwrap();
    assert_eq!(quote.effective, Effective::Renewal);
}

#[test]
fn who_cancels_keeps_what_is_paid_unless_they_say_now() {
    let (mut state, _) = State::start(monthly(1, 1_000), true, at(2026, 4, 1));
    pass(&mut state, at(2026, 4, 1), ALWAYS);
    let mut other = state.clone();
    state.cancel(false, at(2026, 4, 5));
    assert!(state.is_in_force());
    assert_eq!(state.quote(&monthly(2, 9_000), true, at(2026, 4, 6)), Err(Refused::Ends));
    assert!(billed(&pass(&mut state, at(2026, 6, 1), ALWAYS)).is_empty());
    assert_eq!(state.status, Status::Canceled);
    other.cancel(true, at(2026, 4, 5));
    assert_eq!((other.status, other.is_in_force()), (Status::Canceled, false));
}

#[test]
fn a_trial_is_exchanged_for_another_but_never_made_longer() {
    let (mut state, _) = State::start(terms(1, 900, Interval::Month, 30), true, at(2026, 1, 1));
    let other = terms(2, 1_900, Interval::Month, 14);
    let quote = state.quote(&other, true, at(2026, 1, 5)).unwrap();
    assert_eq!((quote.amount(), quote.until), (0, at(2026, 1, 15)));
    let late = state.quote(&other, true, at(2026, 1, 20)).unwrap();
    assert_eq!(late.amount(), 1_900, "its trial would be over");
    let used = state.quote(&other, false, at(2026, 1, 5)).unwrap();
    assert_eq!(used.amount(), 1_900);
    state.change(other, quote, at(2026, 1, 5));
    assert_eq!((state.status, state.period_end), (Status::Trialing, at(2026, 1, 15)));
}

#[test]
fn a_period_that_is_over_sells_no_change() {
    let (mut state, _) = State::start(monthly(1, 0), true, at(2026, 4, 1));
    let (company, end) = (monthly(2, 9_900), at(2026, 5, 1));
    let second = end + Duration::seconds(1);
    assert_eq!(state.quote(&company, true, end), Err(Refused::Turning), "no day of it is left to be paid");
    assert_eq!(state.quote(&company, true, second), Err(Refused::Turning));
    assert!(state.catch_up(PATIENCE, end - Duration::seconds(1)).is_none());
    let (due, _) = state.catch_up(PATIENCE, second).unwrap();
    assert_eq!((due, state.period_start), (end, end), "it happens as of when it was due");
    assert_eq!(state.quote(&company, true, second).unwrap().amount(), 9_900);
}

#[test]
fn to_catch_up_asks_for_no_money() {
    let (mut state, _) = State::start(monthly(1, 900), true, at(2026, 4, 1));
    pass(&mut state, at(2026, 4, 1), ALWAYS);
    let late = at(2026, 5, 9);
    let (due, effects) = state.catch_up(PATIENCE, late).unwrap();
    assert_eq!((due, billed(&effects)), (at(2026, 5, 1), vec![900]));
    let before = state.clone();
    assert_eq!((state.catch_up(PATIENCE, late), state.owed.as_ref().map(|owed| owed.asked)), (None, Some(0)));
    assert_eq!(state, before);
    assert_eq!(state.quote(&monthly(2, 1_900), true, late), Err(Refused::PaymentDue));
}
