//! Project keys: 2–10 upper-case letters and digits, a letter first, as in `LOBBY` or `WR2`.

use std::collections::HashSet;

/// What a key without a suffix has at most, so that a suffix always finds room.
const STEM: usize = 5;
/// The stem of names that have nothing a key could be made of.
const FALLBACK: &str = "PROJ";

/// Whether `text` is a key.
pub(crate) fn is_key(text: &str) -> bool {
    let upper_or_digit = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    (2..=10).contains(&text.len())
        && text.bytes().all(upper_or_digit)
        && text.bytes().next().is_some_and(|first| first.is_ascii_uppercase())
}

/// The key that a name suggests: the initials of its words, or the beginning of its only word.
pub(crate) fn stem_of(name: &str) -> String {
    let words: Vec<&str> = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let initials: String = match words.as_slice() {
        [only] => (*only).to_owned(),
        several => several.iter().filter_map(|word| word.chars().next()).collect(),
    };
    let stem: String =
        initials.chars().skip_while(|c| !c.is_ascii_alphabetic()).take(STEM).map(|c| c.to_ascii_uppercase()).collect();
    if stem.len() < 2 { FALLBACK.to_owned() } else { stem }
}

/// `stem`, or with the lowest number from 2 on that makes it a key not in `taken`.
pub(crate) fn free_key(stem: &str, taken: &HashSet<String>) -> String {
    if !taken.contains(stem) {
        return stem.to_owned();
    }
    // One more candidate than there are keys taken: one of them is free.
    let last = taken.len() + 2;
    (2..=last).map(|number| format!("{stem}{number}")).find(|key| !taken.contains(key)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_2_to_10_upper_case_letters_and_digits_with_a_letter_first() {
        for key in ["AB", "A1", "LOBBY", "ABCDEFGHIJ"] {
            assert!(is_key(key), "{key}");
        }
        for other in ["", "A", "1A", "ab", "A-B", "ABCDEFGHIJK", "ÄB", "A B"] {
            assert!(!is_key(other), "{other}");
        }
    }

    #[test]
    fn a_name_suggests_initials_or_its_beginning() {
        assert_eq!(stem_of("Website Redesign 2026"), "WR2");
        assert_eq!(stem_of("lobby"), "LOBBY");
        assert_eq!(stem_of("Infrastructure"), "INFRA");
        assert_eq!(stem_of("one two three four five six"), "OTTFF");
        assert_eq!(stem_of("3D-Druck"), "PROJ");
        assert_eq!(stem_of("42nd street art"), "SA");
        for nameless in ["X", "مشروع", "42", "!"] {
            assert_eq!(stem_of(nameless), FALLBACK, "{nameless}");
        }
    }

    #[test]
    fn whatever_the_name_the_key_is_one() {
        for name in ["a b", "Übung macht", "9 lives", "é", "a", "z9", &"wide ".repeat(24)] {
            assert!(is_key(&stem_of(name)), "{name}");
        }
    }

    #[test]
    fn a_taken_key_gets_the_lowest_free_number() {
        let taken = |keys: &[&str]| keys.iter().map(|&key| key.to_owned()).collect::<HashSet<_>>();
        assert_eq!(free_key("AB", &taken(&[])), "AB");
        assert_eq!(free_key("AB", &taken(&["AB"])), "AB2");
        assert_eq!(free_key("AB", &taken(&["AB", "AB2", "AB4"])), "AB3");
        assert_eq!(free_key("AB", &taken(&["AB2"])), "AB");
        assert_eq!(free_key("AB", &taken(&["AB", "ABX", "ABY"])), "AB2");
        let full: HashSet<_> = (2..=5000).map(|n| format!("LOBBY{n}")).chain(["LOBBY".to_owned()]).collect();
        assert_eq!(free_key("LOBBY", &full), "LOBBY5001");
        assert!(is_key("LOBBY5001"));
    }
}
