//! How a filter names a person.

use serde::Deserialize;

use crate::ids::UserId;

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

impl PersonRef {
    /// Whom a filter names, where `find` knows whose a username is.
    pub async fn resolve<E>(
        filter: Option<&Self>,
        find: impl AsyncFnOnce(&str) -> Result<Option<UserId>, E>,
    ) -> Result<Named, E> {
        Ok(match filter {
            None => Named::Anyone,
            Some(Self::Id(user)) => Named::Person(*user),
            Some(Self::Username(username)) => find(username).await?.map_or(Named::Nobody, Named::Person),
        })
    }
}

/// Whom a filter names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// It isn't given.
    Anyone,
    /// This person.
    Person(UserId),
    /// No one is called so: nothing can match.
    Nobody,
}

impl Named {
    /// The person, where it is one.
    pub fn person(self) -> Option<UserId> {
        match self {
            Self::Person(user) => Some(user),
            Self::Anyone | Self::Nobody => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_named_by_id_or_username() {
        let id = uuid::Uuid::from_u128(7);
        assert_eq!(PersonRef::from(id.to_string()), PersonRef::Id(UserId(id)));
        assert_eq!(PersonRef::from("mona".to_owned()), PersonRef::Username("mona".into()));
    }

    #[tokio::test]
    async fn only_a_username_is_looked_up() {
        let mona = UserId(uuid::Uuid::from_u128(7));
        let find = async |name: &str| Ok::<_, ()>((name == "mona").then_some(mona));
        let never = async |_: &str| Err(());
        assert_eq!(PersonRef::resolve(None, never).await, Ok(Named::Anyone));
        assert_eq!(PersonRef::resolve(Some(&PersonRef::Id(mona)), never).await, Ok(Named::Person(mona)));
        let named = |name: &str| PersonRef::Username(name.to_owned());
        assert_eq!(PersonRef::resolve(Some(&named("mona")), find).await, Ok(Named::Person(mona)));
        assert_eq!(PersonRef::resolve(Some(&named("nora")), find).await, Ok(Named::Nobody));
        assert_eq!(PersonRef::resolve(Some(&named("mona")), never).await, Err(()));
        assert_eq!((Named::Person(mona).person(), Named::Nobody.person()), (Some(mona), None));
    }
}
