//! Checks of single fields that `validator` has no word for.

use chrono_tz::Tz;
use validator::ValidationError;

fn fault(code: &'static str, message: &'static str) -> ValidationError {
    ValidationError::new(code).with_message(message.into())
}

/// A text with something to see in it.
pub(super) fn is_not_blank(text: &str) -> Result<(), ValidationError> {
    if text.trim().is_empty() { Err(fault("blank", "It can't be blank.")) } else { Ok(()) }
}

/// A place of the IANA time zone database.
pub(super) fn is_timezone(text: &str) -> Result<(), ValidationError> {
    if text.parse::<Tz>().is_ok() {
        return Ok(());
    }
    Err(fault("timezone", "It takes a name of the IANA time zone database, as in Europe/Berlin."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_zone_is_one_of_the_database() {
        for zone in ["Europe/Berlin", "UTC", "America/Argentina/Ushuaia"] {
            assert!(is_timezone(zone).is_ok(), "{zone}");
        }
        for other in ["", "Europe/Atlantis", "+02:00", "CEST"] {
            assert!(is_timezone(other).is_err(), "{other}");
        }
    }

    #[test]
    fn white_space_is_blank() {
        assert!(is_not_blank(" \t\n").is_err() && is_not_blank("").is_err() && is_not_blank(" a ").is_ok());
    }
}
