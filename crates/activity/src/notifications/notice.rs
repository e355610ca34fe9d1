//! What somebody is told because of an event.

use chrono::{DateTime, Utc};
use kernel::{
    ids::{EventId, UserId, WorkspaceId},
    outbox::Event,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use super::kinds::{self, Kind};
use crate::ports::{Crowd, Words};

kernel::id_types! {
    /// One thing that one person was told of.
    NotificationId,
}

impl NotificationId {
    /// The id of what `user` is told because of `cause`: always the same, so that telling it again is known as that. The
    /// instant in its first bits is the event's, as in every id.
    pub(crate) fn of(cause: EventId, user: UserId, at: DateTime<Utc>) -> Self {
        let hash = Sha256::digest([cause.0.as_bytes().as_slice(), user.0.as_bytes()].concat());
        let milliseconds = u64::try_from(at.timestamp_millis()).unwrap_or_default();
        let rest = std::array::from_fn(|byte| hash[byte]);
        Self(Builder::from_unix_timestamp_millis(milliseconds, &rest).into_uuid())
    }
}

/// What is told, whoever is told it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Notice {
    pub(crate) kind: String,
    pub(crate) workspace: WorkspaceId,
    pub(crate) cause: EventId,
    pub(crate) subject_kind: String,
    pub(crate) subject_id: Uuid,
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) data: Value,
    pub(crate) at: DateTime<Utc>,
}

impl Notice {
    fn new(kind: &Kind, event: &Event, title: &str) -> Option<Self> {
        Some(Self {
            kind: kind.name.to_owned(),
            workspace: event.workspace_id?,
            cause: event.id,
            subject_kind: event.resource_kind.clone(),
            subject_id: event.resource_id,
            title: title.chars().take(300).collect(),
            body: String::new(),
            data: json!({}),
            at: event.at,
        })
    }

    /// The same in somebody's words.
    pub(super) fn saying(self, Words { title, body }: Words) -> Self {
        Self { title: title.chars().take(300).collect(), body: body.chars().take(10_000).collect(), ..self }
    }

    fn with(self, body: Option<&str>, data: Value) -> Self {
        Self { body: body.unwrap_or_default().to_owned(), data, ..self }
    }
}

/// Whom an event is told to alone, and as what. Nobody is told of what they did themselves.
pub(crate) fn personal(event: &Event) -> Option<(UserId, Notice)> {
    let told = |fact: &str, kind: &Kind, title: &str| {
        let user = user_in(event, fact)?;
        (event.actor_id != Some(user)).then_some(())?;
        Some((user, Notice::new(kind, event, title)?))
    };
    let fact = |name: &str| event.changes.get(name).cloned().unwrap_or_default();
    let text = |name: &str| event.changes.get(name).and_then(Value::as_str);
    match event.action.as_str() {
        "image.approved" => told("uploader_id", &kinds::IMAGE_APPROVED, "Your image was approved"),
        "image.rejected" => {
            let (user, notice) = told("uploader_id", &kinds::IMAGE_REJECTED, "Your image was rejected")?;
            let data = json!({ "reason_code": fact("reason_code") });
            Some((user, notice.with(text("reason"), data)))
        }
        "workspace.member_added" => {
            let (user, notice) = told("user_id", &kinds::MEMBER_ADDED, "You are now a member of the workspace")?;
            // Whoever joined by themselves, or by an invitation that they accepted, knows.
            event.actor_id?;
            Some((user, notice.with(None, json!({ "role": fact("role") }))))
        }
        "workspace.member_activated" => {
            told("user_id", &kinds::MEMBER_ACTIVATED, "Your membership of the workspace is active")
        }
        "workspace.member_role_changed" => {
            let (user, notice) = told("user_id", &kinds::ROLE_CHANGED, "Your role in the workspace changed")?;
            Some((user, notice.with(None, json!({ "role_id": fact("role_id")["to"] }))))
        }
        "workspace.member_promoted" => {
            let (user, notice) = told("user_id", &kinds::ROLE_PROMOTED, "You got the role that yours promised")?;
            let data = json!({ "role_id": fact("role_id")["to"], "role": fact("role")["to"] });
            Some((user, notice.with(None, data)))
        }
        "workshop.registered" => {
            let title = if text("status") == Some("waitlisted") {
                "You were put on the waiting list of a workshop"
            } else {
                "You were registered for a workshop"
            };
            let (user, notice) = told("user_id", &kinds::WORKSHOP_REGISTERED, title)?;
            Some((user, notice.with(None, json!({ "status": fact("status") }))))
        }
        "workshop.promoted" => {
            told("user_id", &kinds::WORKSHOP_SEAT, &named("You have a seat now, and no longer wait for one", event))
        }
        "project.member_added" => told("user_id", &kinds::PROJECT_MEMBER_ADDED, "You were added to a project"),
        _ => None,
    }
}

/// The crowd that an event is told to, and as what.
pub(crate) fn to_crowd(event: &Event) -> Option<(Crowd, Notice)> {
    let notice = match event.action.as_str() {
        "workshop.cancelled" => {
            Notice::new(&kinds::WORKSHOP_CANCELLED, event, &named("A workshop was cancelled", event))?
        }
        // What it says is read when it is told.
        "workshop.broadcast" => Notice::new(&kinds::WORKSHOP_MESSAGE, event, "A message to those who attend")?,
        _ => return None,
    };
    let message = event.changes.get("broadcast_id").and_then(|id| id.as_str()?.parse().ok());
    let (action, workspace, resource_id) = (event.action.clone(), notice.workspace, event.resource_id);
    let crowd = Crowd { action, workspace, resource_id, message };
    Some((crowd, notice))
}

/// What happened, and to which thing, if the event says what it is called.
fn named(what: &str, event: &Event) -> String {
    match event.changes.get("title").and_then(Value::as_str) {
        Some(title) => format!("{what}: {title}"),
        None => what.to_owned(),
    }
}

/// A person whom an event names in a fact, or in what a field is now.
pub(crate) fn user_in(event: &Event, fact: &str) -> Option<UserId> {
    let value = event.changes.get(fact)?;
    value.as_str().or_else(|| value.get("to")?.as_str())?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(action: &str) -> Event {
        let event = Event::new(action, "image", Uuid::from_u128(3), DateTime::UNIX_EPOCH);
        event.in_workspace(WorkspaceId(Uuid::from_u128(1)))
    }

    #[test]
    fn an_id_follows_from_cause_and_person_and_sorts_by_time() {
        let (one, other) = (UserId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)));
        let (early, late) = (DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH + chrono::Duration::days(1));
        let (cause, next) = (EventId(Uuid::from_u128(7)), EventId(Uuid::from_u128(8)));
        let id = NotificationId::of(cause, one, early);
        assert_eq!(id, NotificationId::of(cause, one, early));
        assert_ne!(id, NotificationId::of(cause, other, early));
        assert_ne!(id, NotificationId::of(next, one, early));
        assert!(id < NotificationId::of(cause, one, late));
        assert_eq!(id.0.get_version_num(), 7);
    }

    #[test]
    fn nobody_is_told_of_what_they_did_themselves() {
        let uploader = UserId(Uuid::from_u128(9));
        let mut event = event("image.rejected").fact("uploader_id", uploader.to_string()).fact("reason", "Too dark");
        event.actor_id = Some(UserId(Uuid::from_u128(8)));
        let (user, notice) = personal(&event).unwrap();
        assert_eq!((user, notice.body.as_str()), (uploader, "Too dark"));
        event.actor_id = Some(uploader);
        assert_eq!(personal(&event), None);
    }

    #[test]
    fn an_event_that_names_nobody_is_told_to_nobody() {
        for action in ["image.approved", "image.uploaded", "workspace.member_role_changed", "project.member_added"] {
            assert_eq!(personal(&event(action)), None, "{action}");
        }
    }
}
