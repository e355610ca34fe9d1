//! Instants and days from outside: those of the calendar that everybody has. chrono takes years of six digits and negative
//! ones, which neither PostgreSQL nor a calendar program can do anything with; RFC 3339 (section 5.6) has four digits.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Deserializer, de::Error};

/// What has a year, if it is there.
pub trait Dated {
    /// Its year; none for what was left out.
    fn year(&self) -> Option<i32>;
}

impl Dated for DateTime<Utc> {
    fn year(&self) -> Option<i32> {
        Some(Datelike::year(self))
    }
}

impl Dated for NaiveDate {
    fn year(&self) -> Option<i32> {
        Some(Datelike::year(self))
    }
}

impl<T: Dated> Dated for Option<T> {
    fn year(&self) -> Option<i32> {
        self.as_ref().and_then(Dated::year)
    }
}

/// An instant or a day of the years 0001 to 9999 (UTC), or none of those.
/// Use with `#[serde(deserialize_with = "kernel::http::dated")]`, for what may be left out also with `default`.
pub fn dated<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Dated + Deserialize<'de>,
    D: Deserializer<'de>,
{
    let value = T::deserialize(deserializer)?;
    match value.year() {
        Some(year) if !(1..=9999).contains(&year) => Err(D::Error::custom("it takes a year from 0001 to 9999")),
        _ => Ok(value),
    }
}

/// The same in a PATCH for what can be cleared: see [`given`](super::given).
pub fn given_dated<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Dated + Deserialize<'de>,
    D: Deserializer<'de>,
{
    dated(deserializer).map(Some)
}

/// The same in a PATCH for what can't be empty: see [`not_null`](super::not_null).
pub fn not_null_dated<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Dated + Deserialize<'de>,
    D: Deserializer<'de>,
{
    dated(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn years_have_four_digits() {
        let instant = |text: Value| dated::<DateTime<Utc>, _>(text).is_ok();
        for taken in ["0001-01-01T00:00:00Z", "2026-03-29T02:30:00+02:00", "9999-12-31T23:59:59Z"] {
            assert!(instant(json!(taken)), "{taken}");
        }
        for refused in [
            "-9999-01-01T00:00:00Z",
            "+262142-12-31T00:00:00Z",
            "0001-01-01T00:00:00+01:00",
            "9999-12-31T23:59:59-01:00",
        ] {
            assert!(!instant(json!(refused)), "{refused}");
        }
        let day = |text: Value| dated::<Option<NaiveDate>, _>(text);
        assert!(day(json!("-5000-01-01")).is_err() && day(json!("2026-01-01")).is_ok());
        assert_eq!(day(Value::Null).unwrap(), None);
        assert_eq!(given_dated::<DateTime<Utc>, _>(Value::Null).unwrap(), Some(None));
        assert!(not_null_dated::<DateTime<Utc>, _>(Value::Null).is_err());
    }
}
