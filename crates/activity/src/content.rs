//! What is kept of an event, and what is not: the log can't be changed, so nothing may get into it that a person has a
//! right to have erased, or that whoever reads it may not know.
//!
//! Kept are ids. Of accounts only what is listed here is kept with its value; whatever else they announce, now or later,
//! is kept by its name alone. Of everything else what says who somebody is, or opens something, is withheld by name.

use kernel::{ids::TokenId, outbox::Event};
use serde_json::{Map, Value, json};

/// The beginning of what accounts announce.
const OF_ACCOUNTS: &str = "accounts.";

/// What accounts tell that is about rights and states, not about who somebody is.
const OPEN_OF_ACCOUNTS: &[&str] = &[
    "status",
    "reason",
    "how",
    "left",
    "new_device",
    "workspace_id",
    "role_id",
    "invitation_id",
    "fields",
    "permissions",
    "expires_at",
];

/// What nobody's event may put into the log with its value.
const WITHHELD: &[&str] = &[
    "address",
    "attempt_id",
    "birthday",
    "code",
    "email",
    "first_name",
    "last_name",
    "national_id",
    "password",
    "phone",
    "proof_id",
    "secret",
    "token",
    "username",
];

/// Who used a token: kept in a column of its own.
const TOKEN: &str = "token_id";

/// What is kept of an event besides its columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Content {
    pub(crate) token: Option<TokenId>,
    /// Fields, each `{"from": …, "to": …}` or `{"withheld": true}`.
    pub(crate) changes: Map<String, Value>,
    pub(crate) facts: Map<String, Value>,
}

impl Content {
    /// What of `event` is kept.
    pub(crate) fn of(event: &Event) -> Self {
        let mut content = Self::default();
        for (name, value) in event.changes.as_object().into_iter().flatten() {
            let is_kept = is_kept(&event.action, name);
            if name == TOKEN {
                content.token = value.as_str().and_then(|id| id.parse().ok());
            } else if is_change(value) {
                let value = if is_kept { value.clone() } else { json!({ "withheld": true }) };
                content.changes.insert(name.clone(), value);
            } else if is_kept {
                content.facts.insert(name.clone(), value.clone());
            }
        }
        content
    }
}

fn is_kept(action: &str, name: &str) -> bool {
    let is_open = !action.starts_with(OF_ACCOUNTS) || OPEN_OF_ACCOUNTS.contains(&name);
    is_open && !WITHHELD.contains(&name)
}

/// Whether a member of an event tells a field's change, and not a fact.
fn is_change(value: &Value) -> bool {
    value.as_object().is_some_and(|value| value.len() == 2 && value.contains_key("from") && value.contains_key("to"))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;

    fn event(action: &str) -> Event {
        Event::new(action, "thing", Uuid::nil(), DateTime::UNIX_EPOCH)
    }

    #[test]
    fn a_change_keeps_what_was_and_what_is() {
        let content = Content::of(&event("project.updated").field("name", "A", "B").fact("user_id", "x"));
        assert_eq!(Value::from(content.changes), json!({ "name": { "from": "A", "to": "B" } }));
        assert_eq!(Value::from(content.facts), json!({ "user_id": "x" }));
        assert_eq!(content.token, None);
    }

    #[test]
    fn of_accounts_only_what_is_listed_keeps_its_value() {
        let event =
            event("accounts.user_updated").field("first_name", "Ada", "Eve").field("status", "active", "disabled");
        let content = Content::of(&event.field("shoe_size", 41, 42).fact("attempt_id", "7").fact("nickname", "Ada"));
        let expected = json!({
            "first_name": { "withheld": true },
            "shoe_size": { "withheld": true },
            "status": { "from": "active", "to": "disabled" },
        });
        assert_eq!(Value::from(content.changes), expected);
        assert!(content.facts.is_empty(), "{:?}", content.facts);
    }

    #[test]
    fn what_says_who_somebody_is_is_withheld_whoever_tells_it() {
        for name in WITHHELD {
            let content = Content::of(&event("workspace.invited").field(name, "a", "b"));
            assert_eq!(content.changes[*name], json!({ "withheld": true }));
            assert!(Content::of(&event("workspace.invited").fact(name, "a")).facts.is_empty());
        }
    }

    #[test]
    fn the_token_goes_to_its_column() {
        let token = TokenId(Uuid::from_u128(7));
        let content = Content::of(&event("project.updated").fact("token_id", token.to_string()));
        assert_eq!(content, Content { token: Some(token), ..Content::default() });
    }
}
