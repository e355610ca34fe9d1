//! Languages and time zones, by the names that the whole world uses for them.

use chrono_tz::Tz;
use language_tags::LanguageTag;
use validator::ValidationError;

/// The longest tag that is taken (RFC 5646 section 4.4.1).
const MAX_TAG: usize = 35;

/// A language tag in its canonical form (RFC 5646 section 4.5), as in `de-CH`; none if it is none, or of what isn't registered.
pub(crate) fn locale_key(text: &str) -> Option<String> {
    if text.len() > MAX_TAG {
        return None;
    }
    let tag = LanguageTag::parse(text).ok().filter(LanguageTag::is_valid)?.canonicalize().ok()?.into_string();
    (2..=MAX_TAG).contains(&tag.len()).then_some(tag)
}

/// A time zone's name in the IANA database, as in `Europe/Zurich`; none if there is no such zone.
pub(crate) fn timezone_key(text: &str) -> Option<String> {
    text.parse::<Tz>().ok().map(|zone| zone.name().to_owned())
}

/// Whether it is a language tag.
pub(crate) fn check_locale(text: &str) -> Result<(), ValidationError> {
    let sentence = "It takes a language tag (BCP 47), as in de-CH.";
    locale_key(text).map(drop).ok_or_else(|| ValidationError::new("locale").with_message(sentence.into()))
}

/// Whether there is such a time zone.
pub(crate) fn check_timezone(text: &str) -> Result<(), ValidationError> {
    let sentence = "It takes the IANA name of a time zone, as in Europe/Zurich.";
    timezone_key(text).map(drop).ok_or_else(|| ValidationError::new("timezone").with_message(sentence.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_checked_and_made_canonical() {
        assert_eq!(locale_key("de-ch").as_deref(), Some("de-CH"));
        assert_eq!(locale_key("zh-hant-TW").as_deref(), Some("zh-Hant-TW"));
        for wrong in ["", "d", "german", "de_CH", "xx-YYYYY", "zz", "de-ZX", "english please"] {
            assert!(check_locale(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn zones_are_those_of_the_database() {
        for right in ["Europe/Zurich", "America/Argentina/Buenos_Aires", "UTC", "Asia/Kolkata"] {
            assert_eq!(timezone_key(right).as_deref(), Some(right));
        }
        for wrong in ["", "Europe/Atlantis", "europe/zurich", "CEST", "+02:00", "../etc/passwd"] {
            assert!(check_timezone(wrong).is_err(), "{wrong:?}");
        }
    }
}
