//! What somebody searches for.

use serde::Deserialize;

/// The sort by which what matches a search best comes first; without a search, the ids decide alone.
pub const RELEVANCE: &str = "relevance";

/// The characters that a search takes.
const MAX_CHARACTERS: usize = 200;
/// The words that a search takes; each costs some comparisons a row. Only the first three may be mistyped: likeness to a long
/// text takes milliseconds.
const MAX_WORDS: usize = 10;

/// What was searched for, word by word.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Search(Vec<String>);

impl Search {
    /// Whether nothing is searched for.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The words, none of them empty.
    pub fn words(&self) -> &[String] {
        &self.0
    }

    /// What a filter searches for, if it does: one without a word is none.
    pub fn of(filter: Option<&Self>) -> Option<&Self> {
        filter.filter(|search| !search.is_empty())
    }
}

impl TryFrom<String> for Search {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        // A word that is said twice is asked for once.
        let mut words: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            if !words.iter().any(|known| known.eq_ignore_ascii_case(word)) {
                words.push(word.to_owned());
            }
        }
        if text.chars().count() > MAX_CHARACTERS || words.len() > MAX_WORDS {
            return Err("a search takes at most 200 characters and 10 words");
        }
        Ok(Self(words))
    }
}

/// The LIKE pattern of every text that contains `part`, whatever characters of LIKE's own it has.
pub fn containing(part: &str) -> String {
    let mut pattern = String::with_capacity(part.len() + 2);
    pattern.push('%');
    for character in part.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_its_words() {
        let words = |text: &str| Search::try_from(text.to_owned()).map(|search| search.0.join("|"));
        assert_eq!(words("  web   design ").as_deref(), Ok("web|design"));
        assert_eq!(words("").as_deref(), Ok(""));
        assert!(words(&"x".repeat(200)).is_ok());
        assert!(words(&"x".repeat(201)).is_err());
        assert_eq!(words("web Web WEB design").as_deref(), Ok("web|design"));
        let many = |count: u32| (0..count).map(|word| format!("x{word}")).collect::<Vec<_>>().join(" ");
        assert!(words(&many(10)).is_ok());
        assert!(words(&many(11)).is_err());
    }

    #[test]
    fn blanks_search_for_nothing() {
        let search = |text: &str| Search::try_from(text.to_owned()).unwrap();
        assert_eq!(Search::of(Some(&search("  "))), None);
        assert_eq!(Search::of(Some(&search("web"))), Some(&search("web")));
        assert_eq!(Search::of(None), None);
    }

    #[test]
    fn what_like_would_interpret_is_escaped() {
        assert_eq!(containing("plain"), "%plain%");
        assert_eq!(containing("100%"), r"%100\%%");
        assert_eq!(containing("a_b"), r"%a\_b%");
        assert_eq!(containing(r"c:\dir"), r"%c:\\dir%");
        assert_eq!(containing(r"\%"), r"%\\\%%");
    }
}
