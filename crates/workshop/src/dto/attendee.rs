//! Those who attend, on their way in and out.

use chrono::{DateTime, Utc};
use kernel::ids::UserId;
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::WorkshopId;

/// What someone who registered has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "snake_case")]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum AttendeeStatus {
    /// A seat.
    #[sea_orm(string_value = "confirmed")]
    Confirmed,
    /// A place in line for one.
    #[sea_orm(string_value = "waitlisted")]
    Waitlisted,
}

impl AttendeeStatus {
    /// The word for it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Waitlisted => "waitlisted",
        }
    }
}

/// Who is to be registered.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAttendee {
    /// An active member of the workspace; the caller when left out. Naming someone else takes `can_manage_attendees`.
    pub user_id: Option<UserId>,
}

/// A registration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = WorkshopRegistration)]
pub struct RegistrationView {
    /// For which workshop.
    pub workshop_id: WorkshopId,
    /// Whose.
    pub user_id: UserId,
    /// Whether they have a seat or wait for one.
    pub status: AttendeeStatus,
    /// Counts the workshop's registrations in the order in which they were made.
    pub position: i64,
    /// How many are in line up to them, themselves included; null for whoever has a seat.
    pub place_in_line: Option<i64>,
    /// When they registered.
    pub registered_at: DateTime<Utc>,
    /// Since when they have a seat.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// When they came.
    pub checked_in_at: Option<DateTime<Utc>>,
}

/// Someone who is registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Attendee)]
pub struct AttendeeView {
    /// Who.
    pub user_id: UserId,
    /// What they are called; null where they never said, or their account is gone.
    pub username: Option<String>,
    /// Their first name.
    pub first_name: Option<String>,
    /// Their last name.
    pub last_name: Option<String>,
    /// Their address; only for those who manage the workshop's attendees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Whether they have a seat or wait for one.
    pub status: AttendeeStatus,
    /// Counts the workshop's registrations in the order in which they were made.
    pub position: i64,
    /// When they registered.
    pub registered_at: DateTime<Utc>,
    /// Since when they have a seat.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// When they came.
    pub checked_in_at: Option<DateTime<Utc>>,
}

/// Which attendees to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AttendeeFilter {
    /// Only those with a seat, or only those in line.
    pub status: Option<AttendeeStatus>,
    /// Only those who came, or only those who didn't.
    pub checked_in: Option<bool>,
}

/// Whether one can register at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RegistrationState {
    /// The workshop is a draft, or registration opens later.
    NotYet,
    /// There are seats.
    Open,
    /// Whoever registers waits for a seat.
    Waitlist,
    /// Registration is over, or the workshop is, or it was cancelled.
    Closed,
}

/// The seats of a workshop at this moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Availability {
    /// How many may attend; null for as many as come.
    pub capacity: Option<i32>,
    /// How many have a seat.
    pub confirmed: i32,
    /// How many wait for one.
    pub waitlisted: i32,
    /// How many seats are free; null where there is no bound.
    pub free: Option<i32>,
    /// Whether one can register.
    pub registration: RegistrationState,
    /// When registration opens; null for as soon as it is published.
    pub opens_at: Option<DateTime<Utc>>,
    /// When it closes.
    pub closes_at: DateTime<Utc>,
    /// Whether the workshop is one of the caller's favourites.
    pub is_favorite: bool,
    /// What the caller has; null for whoever isn't registered.
    pub registered_as: Option<AttendeeStatus>,
}
