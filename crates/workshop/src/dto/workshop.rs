//! Workshops, on their way in and out.

use chrono::{DateTime, Utc};
use kernel::{
    authority::WorkspaceRef,
    ids::{UserId, WorkspaceId},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::checks::{is_not_blank, is_timezone};
use crate::{
    WorkshopId,
    entity::workshops::{Model, Stage},
};

/// How far a workshop is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = WorkshopStatus)]
pub enum Status {
    /// It is being prepared, and shown to its creator and to administrators only.
    Draft,
    /// It is announced; people may register.
    Published,
    /// It won't take place.
    Cancelled,
    /// It was published, and its time is over. Nobody sets that.
    Finished,
}

impl Status {
    /// What `row` is at this moment.
    pub(crate) fn of(row: &Model, now: DateTime<Utc>) -> Self {
        match row.status {
            Stage::Draft => Self::Draft,
            Stage::Cancelled => Self::Cancelled,
            Stage::Published if row.is_finished(now) => Self::Finished,
            Stage::Published => Self::Published,
        }
    }
}

/// A workshop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Workshop)]
pub struct WorkshopView {
    /// Its identity.
    pub id: WorkshopId,
    /// The workspace it lies in.
    pub workspace_id: WorkspaceId,
    /// Who made it and runs it.
    pub creator_id: UserId,
    /// What it is called.
    pub title: String,
    /// What it is about; empty if nobody said.
    pub description: String,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it is over.
    pub ends_at: DateTime<Utc>,
    /// Where it takes place by the clock: a name of the IANA time zone database.
    pub timezone: String,
    /// Where it takes place; empty if nobody said.
    pub location: String,
    /// How many may attend; null for as many as come. How many of the seats are taken, `…/availability` tells.
    pub capacity: Option<i32>,
    /// When registration opens; null for as soon as it is published.
    pub registration_opens_at: Option<DateTime<Utc>>,
    /// When registration closes; null for when the workshop ends.
    pub registration_closes_at: Option<DateTime<Utc>>,
    /// How far it is.
    pub status: Status,
    /// Counts its changes.
    pub version: i32,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl WorkshopView {
    /// What `row` is at this moment.
    pub(crate) fn of(row: Model, now: DateTime<Utc>) -> Self {
        let status = Status::of(&row, now);
        Self {
            id: row.id,
            workspace_id: row.workspace_id,
            creator_id: row.creator_id,
            title: row.title,
            description: row.description,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            timezone: row.timezone,
            location: row.location,
            capacity: row.capacity,
            registration_opens_at: row.registration_opens_at,
            registration_closes_at: row.registration_closes_at,
            status,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// A workshop to create.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWorkshop {
    /// Where; may be left out by someone who belongs to exactly one workspace.
    pub workspace: Option<WorkspaceRef>,
    /// What it is called, 1–200 characters.
    #[validate(length(max = 200), custom(function = is_not_blank))]
    #[schema(min_length = 1, max_length = 200, examples("Bookbinding for beginners"))]
    pub title: String,
    /// What it is about, at most 10,000 characters.
    #[serde(default)]
    #[validate(length(max = 10_000))]
    #[schema(max_length = 10_000)]
    pub description: String,
    /// When it begins (RFC 3339).
    #[serde(deserialize_with = "kernel::http::dated")]
    pub starts_at: DateTime<Utc>,
    /// When it is over: later, by 92 days at most.
    #[serde(deserialize_with = "kernel::http::dated")]
    pub ends_at: DateTime<Utc>,
    /// A name of the IANA time zone database.
    #[validate(custom(function = is_timezone))]
    #[schema(examples("Europe/Berlin"))]
    pub timezone: String,
    /// Where it takes place, at most 500 characters.
    #[serde(default)]
    #[validate(length(max = 500))]
    #[schema(max_length = 500)]
    pub location: String,
    /// How many may attend; as many as come when left out.
    #[validate(range(min = 1, max = 1_000_000))]
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub capacity: Option<i32>,
    /// When registration opens; as soon as it is published when left out.
    #[serde(default, deserialize_with = "kernel::http::dated")]
    pub registration_opens_at: Option<DateTime<Utc>>,
    /// When registration closes, no later than the workshop ends; when it ends, when left out.
    #[serde(default, deserialize_with = "kernel::http::dated")]
    pub registration_closes_at: Option<DateTime<Utc>>,
    /// `draft` or `published`; a draft when left out.
    pub status: Option<Status>,
}

/// What a workshop is to be from now on. What is left out becomes empty; only the status stays.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkshopContent {
    /// What it is called, 1–200 characters.
    #[validate(length(max = 200), custom(function = is_not_blank))]
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
    /// What it is about, at most 10,000 characters.
    #[serde(default)]
    #[validate(length(max = 10_000))]
    #[schema(max_length = 10_000)]
    pub description: String,
    /// When it begins (RFC 3339).
    #[serde(deserialize_with = "kernel::http::dated")]
    pub starts_at: DateTime<Utc>,
    /// When it is over: later, by 92 days at most.
    #[serde(deserialize_with = "kernel::http::dated")]
    pub ends_at: DateTime<Utc>,
    /// A name of the IANA time zone database.
    #[validate(custom(function = is_timezone))]
    pub timezone: String,
    /// Where it takes place, at most 500 characters.
    #[serde(default)]
    #[validate(length(max = 500))]
    #[schema(max_length = 500)]
    pub location: String,
    /// How many may attend. Fewer than have a seat lets everyone keep theirs.
    #[validate(range(min = 1, max = 1_000_000))]
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub capacity: Option<i32>,
    /// When registration opens.
    #[serde(default, deserialize_with = "kernel::http::dated")]
    pub registration_opens_at: Option<DateTime<Utc>>,
    /// When registration closes, no later than the workshop ends.
    #[serde(default, deserialize_with = "kernel::http::dated")]
    pub registration_closes_at: Option<DateTime<Utc>>,
    /// How far it is; kept when left out.
    pub status: Option<Status>,
}

/// The fields to change; null empties a field.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkshopPatch {
    /// What it is called, 1–200 characters.
    #[serde(default, deserialize_with = "kernel::http::not_null")]
    #[validate(length(max = 200), custom(function = is_not_blank))]
    #[schema(nullable = false, min_length = 1, max_length = 200)]
    pub title: Option<String>,
    /// What it is about, at most 10,000 characters.
    #[serde(default, deserialize_with = "kernel::http::given")]
    #[validate(length(max = 10_000))]
    #[schema(value_type = Option<String>, max_length = 10_000)]
    pub description: Option<Option<String>>,
    /// When it begins (RFC 3339).
    #[serde(default, deserialize_with = "kernel::http::not_null_dated")]
    #[schema(nullable = false)]
    pub starts_at: Option<DateTime<Utc>>,
    /// When it is over: later, by 92 days at most.
    #[serde(default, deserialize_with = "kernel::http::not_null_dated")]
    #[schema(nullable = false)]
    pub ends_at: Option<DateTime<Utc>>,
    /// A name of the IANA time zone database.
    #[serde(default, deserialize_with = "kernel::http::not_null")]
    #[validate(custom(function = is_timezone))]
    #[schema(nullable = false)]
    pub timezone: Option<String>,
    /// Where it takes place, at most 500 characters.
    #[serde(default, deserialize_with = "kernel::http::given")]
    #[validate(length(max = 500))]
    #[schema(value_type = Option<String>, max_length = 500)]
    pub location: Option<Option<String>>,
    /// How many may attend. Fewer than have a seat lets everyone keep theirs.
    #[serde(default, deserialize_with = "kernel::http::given")]
    #[validate(range(min = 1, max = 1_000_000))]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 1_000_000)]
    pub capacity: Option<Option<i32>>,
    /// When registration opens.
    #[serde(default, deserialize_with = "kernel::http::given_dated")]
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub registration_opens_at: Option<Option<DateTime<Utc>>>,
    /// When registration closes, no later than the workshop ends.
    #[serde(default, deserialize_with = "kernel::http::given_dated")]
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub registration_closes_at: Option<Option<DateTime<Utc>>>,
    /// How far it is.
    #[serde(default, deserialize_with = "kernel::http::not_null")]
    #[schema(nullable = false)]
    pub status: Option<Status>,
}
