//! What is asked of the log.

use chrono::{DateTime, Utc};
use kernel::{http::TableFormat, ids::UserId, trail::Span};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

/// Which entries; every parameter given must hold.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditFilter {
    /// Done by this person: an id or a username.
    #[param(value_type = Option<String>)]
    pub actor: Option<ActorRef>,
    /// What happened: a whole action, as `project.updated`, or the part before its dot, as `project`.
    #[param(max_length = 100)]
    pub action: Option<String>,
    /// To what it happened: the id of a thing, or a kind of things, as `project`.
    #[param(value_type = Option<String>, max_length = 100)]
    pub resource: Option<ResourceRef>,
    /// Not before this instant (RFC 3339).
    #[serde(deserialize_with = "kernel::http::dated")]
    pub from: Option<DateTime<Utc>>,
    /// Before this instant (RFC 3339).
    #[serde(deserialize_with = "kernel::http::dated")]
    pub to: Option<DateTime<Utc>>,
    /// `csv` sends everything that matches as a file; pages are `json`.
    #[param(value_type = Option<String>)]
    pub format: TableFormat,
}

impl AuditFilter {
    /// From when to when.
    pub(crate) fn span(&self) -> Span {
        Span { from: self.from, to: self.to }
    }
}

/// How a request names whoever did something.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum ActorRef {
    /// A UUID.
    Id(UserId),
    /// Anything else.
    Username(String),
}

impl From<String> for ActorRef {
    fn from(text: String) -> Self {
        text.parse().map_or(Self::Username(text), Self::Id)
    }
}

/// How a request names what something happened to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum ResourceRef {
    /// A UUID: this one.
    Id(Uuid),
    /// Anything else: all of a kind.
    Kind(String),
}

impl From<String> for ResourceRef {
    fn from(text: String) -> Self {
        text.parse().map_or(Self::Kind(text), Self::Id)
    }
}
