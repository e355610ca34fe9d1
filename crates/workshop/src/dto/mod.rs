//! What goes over the wire: bodies, views, filters.

mod attendee;
mod broadcast;
mod checks;
mod feed;
mod filter;
mod photo;
mod stats;
mod workshop;

pub use attendee::{
    AttendeeFilter, AttendeeStatus, AttendeeView, Availability, NewAttendee, RegistrationState, RegistrationView,
};
pub use broadcast::{NewBroadcast, SentBroadcast};
pub use feed::{FeedAddress, FeedToken, FeedView};
pub use filter::WorkshopFilter;
pub use photo::{Part, PhotoFilter, PhotoIds, PhotoUpload, PhotoView};
pub use stats::{Attended, DayCount, PhotoTotals, Registrations, WorkshopStats};
pub use workshop::{NewWorkshop, Status, WorkshopContent, WorkshopPatch, WorkshopView};
