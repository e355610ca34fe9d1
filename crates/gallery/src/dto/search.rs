//! What people search for.

use serde::Deserialize;

/// The characters that a search takes.
const MAX_CHARACTERS: usize = 200;
/// The words that a search takes; each costs some comparisons a row.
const MAX_WORDS: usize = 10;

/// What was searched for, word by word.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Search(Vec<String>);

impl Search {
    /// The words, none of them empty.
    pub(crate) fn words(&self) -> &[String] {
        &self.0
    }

    /// The words as LIKE patterns of every text that contains them, whatever characters of LIKE's own they have.
    pub(crate) fn patterns(&self) -> Vec<String> {
        let literal = |word: &String| word.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
        self.0.iter().map(|word| format!("%{}%", literal(word))).collect()
    }

    /// The search, unless it is for nothing.
    pub(crate) fn of(given: Option<&Self>) -> Option<&Self> {
        given.filter(|search| !search.0.is_empty())
    }
}

impl TryFrom<String> for Search {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        if text.chars().count() > MAX_CHARACTERS || words.len() > MAX_WORDS {
            return Err("a search takes at most 200 characters and 10 words");
        }
        Ok(Self(words))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_its_words() {
        let words = |text: &str| Search::try_from(text.to_owned()).map(|search| search.0.join("|"));
        assert_eq!(words("  red   roof ").as_deref(), Ok("red|roof"));
        assert!(words(&"x".repeat(201)).is_err());
        assert!(words(&"x ".repeat(11)).is_err());
        let literal = Search::try_from(r"100% a_b \".to_owned()).unwrap();
        assert_eq!(literal.patterns(), [r"%100\%%", r"%a\_b%", r"%\\%"]);
        let blank = Search::try_from("  ".to_owned()).unwrap();
        assert_eq!(Search::of(Some(&blank)), None);
    }
}
