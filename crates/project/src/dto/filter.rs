//! Which projects to list.

use chrono::{DateTime, Utc};
use kernel::ids::UserId;
use serde::Deserialize;
use utoipa::IntoParams;

/// Which projects to list; every parameter given must hold.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProjectFilter {
    /// Owned by this person, or with them as an active member: an id or a username.
    #[param(value_type = Option<String>)]
    pub developer: Option<PersonRef>,
    /// Owned by this person: an id or a username.
    #[param(value_type = Option<String>)]
    pub owner: Option<PersonRef>,
    /// A part of the name, in any case.
    pub project: Option<String>,
    /// The same as `project`.
    pub name: Option<String>,
    /// Words, each of which is a part of the name, the key or the description, in any case, or is like a word there: of
    /// four letters or more with no digit, some may be wrong. What matches best comes first, unless another order is asked for.
    #[param(value_type = Option<String>, max_length = 200)]
    pub search: Option<Search>,
    /// Only active ones, or only inactive ones.
    pub is_active: Option<bool>,
    /// Only public ones, or only private ones.
    pub is_public: Option<bool>,
    /// Created later than this instant (RFC 3339).
    pub created_after: Option<DateTime<Utc>>,
}

impl ProjectFilter {
    /// What is searched for, if anything is.
    pub(crate) fn searched(&self) -> Option<&Search> {
        self.search.as_ref().filter(|search| !search.is_empty())
    }
}

/// How a request names a person: by id or by username.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum PersonRef {
    /// A UUID.
    Id(UserId),
    /// Anything else.
    Username(String),
}

impl From<String> for PersonRef {
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
    /// Whether nothing is searched for.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

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
        assert_eq!(words("  web   design ").as_deref(), Ok("web|design"));
        assert_eq!(words("").as_deref(), Ok(""));
        assert!(words(&"x".repeat(201)).is_err());
        assert!(words(&"x ".repeat(11)).is_err());
    }

    #[test]
    fn a_person_is_named_by_id_or_username() {
        let id = uuid::Uuid::from_u128(7);
        assert_eq!(PersonRef::from(id.to_string()), PersonRef::Id(UserId(id)));
        assert_eq!(PersonRef::from("mona".to_owned()), PersonRef::Username("mona".into()));
    }
}
