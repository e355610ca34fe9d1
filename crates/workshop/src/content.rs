//! The editable fields of a workshop: how a PUT replaces them, a PATCH merges into them, whether they fit together, and how
//! an event tells the change.

use chrono::{DateTime, Duration, Utc};
use kernel::{outbox::Event, problem::FieldFault};
use serde_json::Value;

use crate::{
    dto::{NewWorkshop, Status, WorkshopContent, WorkshopPatch},
    entity::workshops::{Model, Stage},
    error::{WorkshopError, told},
};

/// How long a workshop may take. The list of what isn't over rests on it, and so the table holds it, too.
pub(crate) const LONGEST: Duration = Duration::days(92);

/// What an editor may change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Content {
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) starts_at: DateTime<Utc>,
    pub(crate) ends_at: DateTime<Utc>,
    pub(crate) timezone: String,
    pub(crate) location: String,
    pub(crate) capacity: Option<i32>,
    pub(crate) opens_at: Option<DateTime<Utc>>,
    pub(crate) closes_at: Option<DateTime<Utc>>,
    pub(crate) stage: Stage,
}

impl Content {
    /// What a new workshop is to have.
    pub(crate) fn new(new: NewWorkshop) -> Result<Self, WorkshopError> {
        let stage = match new.status {
            None | Some(Status::Draft) => Stage::Draft,
            Some(Status::Published) => Stage::Published,
            Some(Status::Cancelled | Status::Finished) => {
                let detail = "A new workshop is a draft or published.";
                return Err(WorkshopError::Unfit(vec![FieldFault::new("/status", "invalid_value", detail)]));
            }
        };
        let content = Self {
            title: trimmed(&new.title),
            description: new.description,
            starts_at: micros(new.starts_at),
            ends_at: micros(new.ends_at),
            timezone: new.timezone,
            location: trimmed(&new.location),
            capacity: new.capacity,
            opens_at: new.registration_opens_at.map(micros),
            closes_at: new.registration_closes_at.map(micros),
            stage,
        };
        content.fits().map(|()| content)
    }

    /// What `row` has now.
    pub(crate) fn of(row: &Model) -> Self {
        Self {
            title: row.title.clone(),
            description: row.description.clone(),
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            timezone: row.timezone.clone(),
            location: row.location.clone(),
            capacity: row.capacity,
            opens_at: row.registration_opens_at,
            closes_at: row.registration_closes_at,
            stage: row.status,
        }
    }

    /// After a PUT. The status is left as it is where it isn't said.
    pub(crate) fn replaced(self, by: WorkshopContent, now: DateTime<Utc>) -> Result<Self, WorkshopError> {
        let replaced = Self {
            title: trimmed(&by.title),
            description: by.description,
            starts_at: micros(by.starts_at),
            ends_at: micros(by.ends_at),
            timezone: by.timezone,
            location: trimmed(&by.location),
            capacity: by.capacity,
            opens_at: by.registration_opens_at.map(micros),
            closes_at: by.registration_closes_at.map(micros),
            stage: self.stage,
        };
        replaced.turned(by.status, now)
    }

    /// After a PATCH (RFC 7396): what was given replaces, null empties.
    pub(crate) fn patched(self, by: WorkshopPatch, now: DateTime<Utc>) -> Result<Self, WorkshopError> {
        let patched = Self {
            title: by.title.map_or(self.title, |title| trimmed(&title)),
            description: by.description.map_or(self.description, Option::unwrap_or_default),
            starts_at: by.starts_at.map_or(self.starts_at, micros),
            ends_at: by.ends_at.map_or(self.ends_at, micros),
            timezone: by.timezone.unwrap_or(self.timezone),
            location: by.location.map_or(self.location, |location| trimmed(&location.unwrap_or_default())),
            capacity: by.capacity.unwrap_or(self.capacity),
            opens_at: by.registration_opens_at.map_or(self.opens_at, |instant| instant.map(micros)),
            closes_at: by.registration_closes_at.map_or(self.closes_at, |instant| instant.map(micros)),
            stage: self.stage,
        };
        patched.turned(by.status, now)
    }

    /// With the status that was asked for, and all of it checked.
    fn turned(self, status: Option<Status>, now: DateTime<Utc>) -> Result<Self, WorkshopError> {
        let stage = match status {
            None => self.stage,
            Some(Status::Draft) => Stage::Draft,
            Some(Status::Published) => Stage::Published,
            Some(Status::Cancelled) => Stage::Cancelled,
            // Whoever sends back what they read.
            Some(Status::Finished) if self.stage == Stage::Published && self.ends_at <= now => Stage::Published,
            Some(Status::Finished) => {
                let detail = "That a workshop is finished follows from its time: nobody sets it.";
                return Err(WorkshopError::Unfit(vec![FieldFault::new("/status", "invalid_value", detail)]));
            }
        };
        let turned = Self { stage, ..self };
        turned.fits().map(|()| turned)
    }

    /// Whether its times fit together.
    pub(crate) fn fits(&self) -> Result<(), WorkshopError> {
        let mut faults = Vec::new();
        if self.ends_at <= self.starts_at {
            faults.push(FieldFault::new("/ends_at", "order", "A workshop ends after it begins."));
        } else if self.ends_at - self.starts_at > LONGEST {
            faults.push(FieldFault::new("/ends_at", "range", "A workshop takes 92 days at most."));
        }
        if self.closes_at.is_some_and(|closes_at| closes_at > self.ends_at) {
            let detail = "Registration closes no later than the workshop ends.";
            faults.push(FieldFault::new("/registration_closes_at", "order", detail));
        }
        let closes_at = self.closes_at.unwrap_or(self.ends_at);
        if self.opens_at.is_some_and(|opens_at| opens_at >= closes_at) {
            faults.push(FieldFault::new("/registration_opens_at", "order", "Registration opens before it closes."));
        }
        if faults.is_empty() { Ok(()) } else { Err(WorkshopError::Unfit(faults)) }
    }

    /// Adds to `event` what changed from `before`; all of it where there was nothing before.
    pub(crate) fn tell(&self, before: Option<&Self>, event: Event) -> Event {
        let from = before.map_or([const { Value::Null }; 10], |before| before.values().map(|(_, value)| value));
        self.values().into_iter().zip(from).fold(event, |event, ((name, to), from)| event.field(name, from, to))
    }

    /// Adds to `event` what there was and is no more.
    pub(crate) fn tell_lost(&self, event: Event) -> Event {
        self.values().into_iter().fold(event, |event, (name, from)| event.field(name, from, Value::Null))
    }

    fn values(&self) -> [(&'static str, Value); 10] {
        [
            ("title", self.title.clone().into()),
            ("description", self.description.clone().into()),
            ("starts_at", told(self.starts_at).into()),
            ("ends_at", told(self.ends_at).into()),
            ("timezone", self.timezone.clone().into()),
            ("location", self.location.clone().into()),
            ("capacity", self.capacity.into()),
            ("registration_opens_at", self.opens_at.map(told).into()),
            ("registration_closes_at", self.closes_at.map(told).into()),
            ("status", word(self.stage).into()),
        ]
    }
}

fn word(stage: Stage) -> &'static str {
    match stage {
        Stage::Draft => "draft",
        Stage::Published => "published",
        Stage::Cancelled => "cancelled",
    }
}

fn trimmed(text: &str) -> String {
    text.trim().to_owned()
}

/// To the microsecond, which is what PostgreSQL keeps.
fn micros(instant: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(instant.timestamp_micros()).unwrap_or(instant)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn content() -> Content {
        let new = json!({
            "title": " Paper ", "starts_at": "2026-03-01T09:00:00Z", "ends_at": "2026-03-01T17:00:00Z",
            "timezone": "Europe/Berlin", "capacity": 5,
        });
        Content::new(serde_json::from_value(new).unwrap()).unwrap()
    }

    fn patched(patch: Value) -> Result<Content, Vec<String>> {
        let patch = serde_json::from_value(patch).unwrap();
        content().patched(patch, content().ends_at).map_err(|error| match error {
            WorkshopError::Unfit(faults) => faults.into_iter().map(|fault| fault.pointer).collect(),
            other => vec![other.to_string()],
        })
    }

    #[test]
    fn a_new_workshop_is_a_draft() {
        assert_eq!((content().stage, content().title.as_str()), (Stage::Draft, "Paper"));
    }

    #[test]
    fn an_empty_patch_changes_nothing_and_null_empties() {
        assert_eq!(patched(json!({})), Ok(content()));
        assert_eq!(patched(json!({ "capacity": null })), Ok(Content { capacity: None, ..content() }));
    }

    #[test]
    fn times_that_do_not_fit_together_are_named() {
        let wrong = |patch: Value, pointer: &str| assert_eq!(patched(patch), Err(vec![pointer.to_owned()]));
        wrong(json!({ "ends_at": "2026-03-01T09:00:00Z" }), "/ends_at");
        wrong(json!({ "ends_at": "2026-07-01T09:00:00Z" }), "/ends_at");
        wrong(json!({ "registration_closes_at": "2026-03-01T17:00:01Z" }), "/registration_closes_at");
        wrong(json!({ "registration_opens_at": "2026-03-01T17:00:00Z" }), "/registration_opens_at");
    }

    #[test]
    fn finished_is_taken_from_who_sends_it_back_and_from_nobody_else() {
        assert_eq!(patched(json!({ "status": "finished" })), Err(vec!["/status".to_owned()]));
        let published = Content { stage: Stage::Published, ..content() };
        let patch = || serde_json::from_value(json!({ "status": "finished" })).unwrap();
        assert_eq!(published.clone().patched(patch(), published.ends_at).unwrap(), published);
        assert!(published.clone().patched(patch(), published.starts_at).is_err());
    }

    #[test]
    fn an_event_tells_the_fields_that_changed_and_no_others() {
        let event = Event::new("workshop.updated", "workshop", uuid::Uuid::nil(), DateTime::UNIX_EPOCH);
        let after = Content { capacity: Some(9), stage: Stage::Published, ..content() };
        let expected = json!({ "capacity": { "from": 5, "to": 9 }, "status": { "from": "draft", "to": "published" } });
        assert_eq!(after.tell(Some(&content()), event).changes, expected);
    }
}
