//! The editable fields of a project: how a PUT replaces them, a PATCH merges into them, and an event tells the change.

use kernel::outbox::Event;
use serde_json::Value;

use crate::{
    dto::{Avatar, ProjectContent, ProjectPatch},
    entity::projects,
};

/// What an editor may change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Content {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) is_public: bool,
    pub(crate) is_billable: bool,
    pub(crate) avatar: Option<Avatar>,
}

impl Content {
    /// What `row` has now.
    pub(crate) fn of(row: &projects::Model) -> Self {
        Self {
            key: row.key.clone(),
            name: row.name.clone(),
            description: row.description.clone(),
            is_public: row.is_public,
            is_billable: row.is_billable,
            avatar: Avatar::of(row),
        }
    }

    /// After a PUT. The key is the one field that has no empty value, so leaving it out keeps it.
    pub(crate) fn replaced(self, by: ProjectContent) -> Self {
        Self {
            key: by.key.unwrap_or(self.key),
            name: trimmed(&by.name),
            description: by.description,
            is_public: by.is_public,
            is_billable: by.is_billable,
            avatar: by.avatar.map(Avatar::normal),
        }
    }

    /// After a PATCH (RFC 7396): what was given replaces, null empties.
    pub(crate) fn patched(self, by: ProjectPatch) -> Self {
        Self {
            key: by.key.unwrap_or(self.key),
            name: by.name.map_or(self.name, |name| trimmed(&name)),
            description: by.description.map_or(self.description, Option::unwrap_or_default),
            is_public: by.is_public.unwrap_or(self.is_public),
            is_billable: by.is_billable.unwrap_or(self.is_billable),
            avatar: by.avatar.map_or(self.avatar, |avatar| avatar.map(Avatar::normal)),
        }
    }

    /// Adds to `event` what changed from `before`; all of it where there was nothing before.
    pub(crate) fn tell(&self, before: Option<&Self>, event: Event) -> Event {
        self.values()
            .into_iter()
            .zip(Self::values_or_null(before))
            .fold(event, |event, ((name, to), from)| event.field(name, from, to))
    }

    /// Adds to `event` what there was and is no more.
    pub(crate) fn tell_lost(&self, event: Event) -> Event {
        self.values().into_iter().fold(event, |event, (name, from)| event.field(name, from, Value::Null))
    }

    fn values(&self) -> [(&'static str, Value); 6] {
        [
            ("key", self.key.clone().into()),
            ("name", self.name.clone().into()),
            ("description", self.description.clone().into()),
            ("is_public", self.is_public.into()),
            ("is_billable", self.is_billable.into()),
            ("avatar", self.avatar.as_ref().map_or(Value::Null, Avatar::to_json)),
        ]
    }

    fn values_or_null(content: Option<&Self>) -> [Value; 6] {
        content.map_or([const { Value::Null }; 6], |content| content.values().map(|(_, value)| value))
    }
}

/// A name as it is kept.
pub(crate) fn trimmed(name: &str) -> String {
    name.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::json;

    use super::*;

    fn content() -> Content {
        Content {
            key: "WR".into(),
            name: "Website".into(),
            description: "All of it".into(),
            is_public: true,
            is_billable: false,
            avatar: Some(Avatar { emoji: "🚀".into(), color: "#ff8800".into() }),
        }
    }

    fn patch(json: Value) -> ProjectPatch {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn an_empty_patch_changes_nothing() {
        assert_eq!(content().patched(patch(json!({}))), content());
    }

    #[test]
    fn a_patch_changes_what_it_gives_and_null_empties() {
        let patched = content().patched(patch(json!({ "name": " New ", "description": null, "is_billable": true })));
        let expected = Content { name: "New".into(), description: String::new(), is_billable: true, ..content() };
        assert_eq!(patched, expected);
        assert_eq!(content().patched(patch(json!({ "avatar": null }))), Content { avatar: None, ..content() });

        let avatar = json!({ "emoji": "🌊", "color": "#00AAFF" });
        let patched = content().patched(patch(json!({ "avatar": avatar })));
        assert_eq!(patched.avatar, Some(Avatar { emoji: "🌊".into(), color: "#00aaff".into() }));
    }

    #[test]
    fn a_put_replaces_everything_but_an_absent_key() {
        let replaced = content().replaced(serde_json::from_value(json!({ "name": "Only this" })).unwrap());
        let expected = Content {
            key: "WR".into(),
            name: "Only this".into(),
            description: String::new(),
            is_public: false,
            is_billable: false,
            avatar: None,
        };
        assert_eq!(replaced, expected);
        let replaced = content().replaced(serde_json::from_value(json!({ "name": "N", "key": "NEW" })).unwrap());
        assert_eq!(replaced.key, "NEW");
    }

    #[test]
    fn an_event_tells_the_fields_that_changed_and_no_others() {
        let event = || Event::new("project.updated", "project", uuid::Uuid::nil(), DateTime::UNIX_EPOCH);
        let after = Content { name: "New".into(), avatar: None, ..content() };
        let told = after.tell(Some(&content()), event()).changes;
        let avatar = json!({ "from": { "emoji": "🚀", "color": "#ff8800" }, "to": null });
        assert_eq!(told, json!({ "name": { "from": "Website", "to": "New" }, "avatar": avatar }));

        let told = after.tell(None, event()).changes;
        assert_eq!(told["key"], json!({ "from": null, "to": "WR" }));
        let lost = after.tell_lost(event()).changes;
        assert_eq!(lost["name"], json!({ "from": "New", "to": null }));
        assert_eq!(lost.get("avatar"), None);
    }
}
