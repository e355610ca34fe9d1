//! The days of a workshop by the clock where it takes place: from the beginning of the first to the end of the last,
//! however many hours they have there.

use chrono::{DateTime, Duration, LocalResult, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

use crate::entity::workshops::Model;

/// A stretch of time: its end is no part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) from: DateTime<Utc>,
    pub(crate) until: DateTime<Utc>,
}

impl Window {
    /// The days of a workshop.
    pub(crate) fn of(row: &Model) -> Self {
        // The table has no other names than those that were checked; of one that a later database dropped, UTC is left.
        Self::between(row.starts_at, row.ends_at, row.timezone.parse().unwrap_or(Tz::UTC))
    }

    fn between(starts_at: DateTime<Utc>, ends_at: DateTime<Utc>, zone: Tz) -> Self {
        let first = starts_at.with_timezone(&zone).date_naive();
        // What ends at midnight has nothing of the next day.
        let last = (ends_at - Duration::microseconds(1)).with_timezone(&zone).date_naive();
        let until = last.succ_opt().map_or(DateTime::<Utc>::MAX_UTC, |day| beginning(day, zone));
        Self { from: beginning(first, zone), until }
    }

    /// Whether `instant` is in it.
    pub(crate) fn contains(&self, instant: DateTime<Utc>) -> bool {
        self.from <= instant && instant < self.until
    }
}

/// Minutes of a day, and of a day that a zone left out.
const MINUTES: i64 = 48 * 60;

/// The first instant of a day. Where the clocks are put back at midnight, the earlier of the two midnights; where they are put forward
/// at midnight there is none, and the day begins with the first minute that there is.
fn beginning(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    let found =
        (0..=MINUTES).find_map(|minutes| match zone.from_local_datetime(&(midnight + Duration::minutes(minutes))) {
            LocalResult::Single(instant) | LocalResult::Ambiguous(instant, _) => Some(instant.to_utc()),
            LocalResult::None => None,
        });
    found.unwrap_or_else(|| midnight.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn window(starts_at: &str, ends_at: &str, zone: &str) -> (DateTime<Utc>, DateTime<Utc>, i64) {
        let Window { from, until } = Window::between(at(starts_at), at(ends_at), zone.parse().unwrap());
        (from, until, (until - from).num_hours())
    }

    #[test]
    fn a_day_has_as_many_hours_as_it_has_there() {
        let berlin = |starts_at, ends_at| window(starts_at, ends_at, "Europe/Berlin");
        let plain = berlin("2026-05-05T08:00:00Z", "2026-05-05T15:00:00Z");
        assert_eq!(plain, (at("2026-05-04T22:00:00Z"), at("2026-05-05T22:00:00Z"), 24));
        let spring = berlin("2026-03-29T08:00:00Z", "2026-03-29T15:00:00Z");
        assert_eq!(spring, (at("2026-03-28T23:00:00Z"), at("2026-03-29T22:00:00Z"), 23));
        let autumn = berlin("2026-10-25T08:00:00Z", "2026-10-25T15:00:00Z");
        assert_eq!(autumn, (at("2026-10-24T22:00:00Z"), at("2026-10-25T23:00:00Z"), 25));
        assert_eq!(berlin("2026-10-24T08:00:00Z", "2026-10-26T15:00:00Z").2, 73);
    }

    #[test]
    fn what_ends_at_midnight_has_nothing_of_the_next_day() {
        let (_, until, hours) = window("2026-05-05T08:00:00Z", "2026-05-05T22:00:00Z", "Europe/Berlin");
        assert_eq!((until, hours), (at("2026-05-05T22:00:00Z"), 24));
        assert_eq!(window("2026-05-05T08:00:00Z", "2026-05-05T22:00:00.000001Z", "Europe/Berlin").2, 48);
    }

    #[test]
    fn where_there_is_no_midnight_or_two_of_them_the_day_begins_with_its_first_instant() {
        // Beirut puts its clocks forward at midnight: 00:00 is 01:00.
        let spring = window("2021-03-28T08:00:00Z", "2021-03-28T09:00:00Z", "Asia/Beirut");
        assert_eq!(spring, (at("2021-03-27T22:00:00Z"), at("2021-03-28T21:00:00Z"), 23));
        // Havana puts them back at one o'clock to midnight: there are two.
        let autumn = window("2021-11-07T15:00:00Z", "2021-11-07T16:00:00Z", "America/Havana");
        assert_eq!(autumn, (at("2021-11-07T04:00:00Z"), at("2021-11-08T05:00:00Z"), 25));
        // Samoa left the 30th of December 2011 out.
        let before = window("2011-12-29T18:00:00Z", "2011-12-30T06:00:00Z", "Pacific/Apia");
        assert_eq!(before, (at("2011-12-29T10:00:00Z"), at("2011-12-30T10:00:00Z"), 24));
        assert_eq!(window("2011-12-30T09:00:00Z", "2011-12-30T12:00:00Z", "Pacific/Apia").2, 48);
    }

    #[test]
    fn the_end_of_the_last_day_is_no_part_of_it() {
        let window = Window { from: at("2026-05-04T22:00:00Z"), until: at("2026-05-05T22:00:00Z") };
        assert!(window.contains(window.from) && !window.contains(window.until));
        assert!(!window.contains(window.from - Duration::microseconds(1)));
        assert!(window.contains(window.until - Duration::microseconds(1)));
    }
}
