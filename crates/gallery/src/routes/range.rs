//! The part of a representation that a client asks for (RFC 9110 section 14).

use std::ops::Range;

/// What a `Range` header asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Everything: there is no such header, or its unit is unknown, or it asks for several parts, which a server may
    /// answer with the whole.
    Whole,
    /// These bytes.
    Part(Range<u64>),
    /// Something that isn't there.
    Unsatisfiable,
}

/// Reads a `Range` header about a representation of `length` bytes.
pub(super) fn wanted(header: Option<&str>, length: u64) -> Wanted {
    let Some((unit, set)) = header.and_then(|header| header.split_once('=')) else { return Wanted::Whole };
    if !unit.trim().eq_ignore_ascii_case("bytes") || set.contains(',') {
        return Wanted::Whole;
    }
    match part(set.trim(), length) {
        Some(range) if range.start < range.end => Wanted::Part(range),
        _ => Wanted::Unsatisfiable,
    }
}

/// `first-last`, `first-` or `-suffix`, clipped to what there is.
fn part(spec: &str, length: u64) -> Option<Range<u64>> {
    let (first, last) = spec.split_once('-')?;
    if first.is_empty() {
        return Some(length.saturating_sub(number(last)?)..length);
    }
    let first = number(first)?;
    let end = if last.is_empty() { length } else { number(last)?.saturating_add(1).min(length) };
    Some(first..end)
}

/// Digits and nothing else. A number that no file is long enough for counts as the largest.
fn number(digits: &str) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_range_is_clipped_to_what_there_is() {
        for (header, range) in [
            ("bytes=0-0", 0..1),
            ("bytes=0-99", 0..100),
            ("bytes=10-19", 10..20),
            ("bytes=90-500", 90..100),
            ("bytes=99-", 99..100),
            ("bytes=-1", 99..100),
            ("bytes=-500", 0..100),
            ("Bytes= 5-6 ", 5..7),
            ("bytes=0-99999999999999999999999", 0..100),
        ] {
            assert_eq!(wanted(Some(header), 100), Wanted::Part(range), "{header}");
        }
    }

    #[test]
    fn what_is_not_there_is_unsatisfiable() {
        for header in
            ["bytes=100-", "bytes=100-200", "bytes=-0", "bytes=5-4", "bytes=", "bytes=-", "bytes=a-b", "bytes=+1-2"]
        {
            assert_eq!(wanted(Some(header), 100), Wanted::Unsatisfiable, "{header}");
        }
    }

    #[test]
    fn other_units_and_several_parts_get_the_whole() {
        for header in [None, Some("lines=1-2"), Some("bytes"), Some("bytes=0-1,5-6")] {
            assert_eq!(wanted(header, 100), Wanted::Whole);
        }
    }
}
