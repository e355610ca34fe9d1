//! Notifications: what follows from events for one person, or for a crowd, and how they are told.

mod broadcast;
mod dto;
mod kinds;
mod letters;
mod notice;
mod notifier;
mod preferences;
mod service;
pub(crate) mod store;

pub use dto::{MarkAll, Marked, NotificationFilter, NotificationView, SubjectView, UnreadView};
pub use kinds::{KINDS, Kind};
pub use letters::{Letter, Letters};
pub use notice::NotificationId;
pub use notifier::Notifier;
pub use preferences::{Preference, PreferenceChange, PreferencesChange, PreferencesView};
pub use service::Notifications;

use std::sync::Arc;

use kernel::jobs::Work;

use crate::{
    Schema,
    ports::{Audience, Letterbox},
};

/// The work that notifications are done by, for the workers of this module.
pub fn works(
    system: &kernel::db::System<Schema>,
    audience: Arc<dyn Audience>,
    letterbox: Arc<dyn Letterbox>,
) -> Vec<Arc<dyn Work<Schema>>> {
    vec![Arc::new(broadcast::Broadcast::new(audience)), Arc::new(letters::Posting::new(system.clone(), letterbox))]
}
