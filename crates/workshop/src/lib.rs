//! Workshops of a workspace: when and where they are, who is registered, who waits, who came.
//!
//! A workshop is its creator's. Those who register get a seat as long as there are some, and then a place in line, in the
//! order in which their registrations were committed.

mod actions;
mod attendance;
mod audience;
mod calendar;
mod content;
mod days;
mod dto;
mod entity;
mod error;
mod events;
mod permissions;
mod photo_keeper;
pub mod ports;
pub mod provision;
mod routes;
mod service;
mod store;
mod subject;
mod visibility;

use kernel::{db::Module, http::Routes};

pub use actions::*;
pub use attendance::AttendanceKeeper;
pub use audience::{Audiences, Message};
pub use dto::{
    AttendeeFilter, AttendeeStatus, AttendeeView, Availability, DayCount, FeedAddress, FeedToken, FeedView,
    NewAttendee, NewBroadcast, NewWorkshop, Part as PhotoPart, PhotoFilter, PhotoIds, PhotoUpload, PhotoView,
    RegistrationState, RegistrationView, SentBroadcast, Status, WorkshopContent, WorkshopFilter, WorkshopPatch,
    WorkshopStats, WorkshopView,
};
pub use error::WorkshopError;
pub use events::*;
pub use permissions::*;
pub use photo_keeper::PhotoKeeper;
pub use service::Workshops;
pub use subject::WORKSHOPS;

kernel::id_types! {
    /// A workshop.
    WorkshopId,
    /// Something that was written to everyone who attends a workshop.
    BroadcastId,
}

/// The module: its schema is `workshop`.
#[derive(Debug)]
pub struct Schema;

impl Module for Schema {
    const NAME: &'static str = "workshop";
}

/// Everything the module answers to.
pub fn routes() -> Routes {
    routes::all()
}
