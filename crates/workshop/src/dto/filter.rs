//! Which workshops to list.

use kernel::ids::UserId;
use serde::Deserialize;
use utoipa::IntoParams;

use super::Status;

/// Which workshops to list; every parameter given must hold.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WorkshopFilter {
    /// Only one's favourites, or only the others.
    pub favorite: Option<bool>,
    /// Only those that are neither over nor cancelled, or only the others.
    pub upcoming: Option<bool>,
    /// Only those for which one is registered, or only the others.
    pub registered: Option<bool>,
    /// Made by this person: an id or a username.
    #[param(value_type = Option<String>)]
    pub creator: Option<CreatorRef>,
    /// Words, each of which is a part of the title, the location or the description, in any case, or is like a word
    /// there: of four letters or more with no digit, some may be wrong. What matches best comes first, unless another
    /// order is asked for.
    #[param(value_type = Option<String>, max_length = 200)]
    pub search: Option<Search>,
    /// How far they are.
    pub status: Option<Status>,
}

impl WorkshopFilter {
    /// What is searched for, if anything is.
    pub(crate) fn searched(&self) -> Option<&Search> {
        self.search.as_ref().filter(|search| !search.words().is_empty())
    }
}

/// How a request names a person: by id or by username.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum CreatorRef {
    /// A UUID.
    Id(UserId),
    /// Anything else.
    Username(String),
}

impl From<String> for CreatorRef {
    fn from(text: String) -> Self {
        text.parse().map_or(Self::Username(text), Self::Id)
    }
}

/// The characters that a search takes.
const MAX_CHARACTERS: usize = 200;
/// The words that a search takes; each costs three comparisons a row.
const MAX_WORDS: usize = 10;

/// What was searched for, word by word.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Search(Vec<String>);

impl Search {
    /// The words, none of them empty.
    pub fn words(&self) -> &[String] {
        &self.0
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
        assert_eq!(words("  paper   craft ").as_deref(), Ok("paper|craft"));
        assert_eq!(words("").as_deref(), Ok(""));
        assert!(words(&"x".repeat(201)).is_err());
        assert!(words(&"x ".repeat(11)).is_err());
    }
}
