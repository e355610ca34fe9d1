//! A calendar of the model's own: microseconds since 1970, months that end when they end, and days.

/// Microseconds since 1970 began, UTC.
pub type Instant = i64;

/// A day.
pub const DAY: i64 = 86_400_000_000;

/// Year, month (1 to 12) and day of the month.
type Date = (i64, i64, i64);

fn is_leap(year: i64) -> bool {
    (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
}

fn length(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The days before a year began, since 1970.
fn days_before(year: i64) -> i64 {
    (1970..year).map(|year| 365 + i64::from(is_leap(year))).sum()
}

fn date(at: Instant) -> Date {
    let mut day = at.div_euclid(DAY);
    let mut year = 1970;
    while day >= 365 + i64::from(is_leap(year)) {
        day -= 365 + i64::from(is_leap(year));
        year += 1;
    }
    let mut month = 1;
    while day >= length(year, month) {
        day -= length(year, month);
        month += 1;
    }
    (year, month, day + 1)
}

fn midnight((year, month, day): Date) -> Instant {
    let before: i64 = (1..month).map(|month| length(year, month)).sum();
    (days_before(year) + before + day - 1) * DAY
}

/// So many months on: the same day and time, or the last day of a month that has no such day.
pub fn months_on(at: Instant, months: i64) -> Instant {
    let (year, month, day) = date(at);
    let all = year * 12 + month - 1 + months;
    let (year, month) = (all.div_euclid(12), all.rem_euclid(12) + 1);
    midnight((year, month, day.min(length(year, month)))) + at.rem_euclid(DAY)
}

/// As it is written on an invoice.
pub fn written(at: Instant) -> String {
    let (year, month, day) = date(at);
    format!("{year:04}-{month:02}-{day:02}")
}

/// The part of a price that some days of a period cost, half a unit counting as one.
pub fn part(price: i64, days: i64, of: i64) -> i64 {
    let (price, days, of) = (i128::from(price), i128::from(days), i128::from(of));
    let (whole, rest) = (price * days / of, price * days % of);
    i64::try_from(if rest * 2 >= of { whole + 1 } else { whole }).unwrap()
}

#[test]
fn months_end_when_they_end() {
    let at = |year, month, day| midnight((year, month, day)) + 5;
    assert_eq!((midnight((1970, 1, 1)), midnight((2026, 11, 22))), (0, 20_779 * DAY));
    assert_eq!(months_on(at(2027, 1, 31), 1), at(2027, 2, 28));
    assert_eq!(months_on(at(2027, 1, 31), 2), at(2027, 3, 31));
    assert_eq!(months_on(at(2027, 12, 31), 2), at(2028, 2, 29));
    assert_eq!(months_on(at(2028, 2, 29), 12), at(2029, 2, 28));
    assert_eq!((written(at(2028, 2, 29)), part(10_000, 14, 31), part(1, 1, 2)), ("2028-02-29".to_owned(), 4_516, 1));
}
