//! How a workshop does, in numbers.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::WorkshopId;

/// A workshop in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WorkshopStats {
    /// Which workshop.
    pub workshop_id: WorkshopId,
    /// Who registered.
    pub registrations: Registrations,
    /// Who came.
    pub attendance: Attended,
    /// How many keep it among their favourites.
    pub favorites: i64,
    /// Its photos, and what is said of them.
    pub photos: PhotoTotals,
}

/// Registrations in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = WorkshopRegistrationTotals)]
pub struct Registrations {
    /// How many have a seat.
    pub confirmed: i64,
    /// How many wait for one.
    pub waitlisted: i64,
    /// How many gave theirs back, or lost it.
    pub withdrawn: i64,
    /// Those who are registered, by the day on which they did it in the workshop's time zone; days on which nobody did are left
    /// out.
    pub by_day: Vec<DayCount>,
}

/// How many on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DayCount {
    /// The day.
    #[schema(value_type = String, format = Date)]
    pub day: NaiveDate,
    /// How many.
    pub count: i64,
    /// How many up to the end of that day.
    pub total: i64,
}

/// Photos in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = WorkshopPhotoTotals)]
pub struct PhotoTotals {
    /// Photos that describe it.
    pub description: u64,
    /// Photos of those who attended.
    pub attendee: u64,
    /// Likes of all of them.
    pub likes: u64,
    /// Comments on all of them.
    pub comments: u64,
}

/// Attendance in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = WorkshopAttendance)]
pub struct Attended {
    /// How many were checked in.
    pub checked_in: i64,
    /// How many have a seat and weren't.
    pub absent: i64,
}
