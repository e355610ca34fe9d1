//! What this domain announces, and what it hears of others.

/// A workshop came into being; its fields are the changes.
pub const WORKSHOP_CREATED: &str = "workshop.created";
/// Fields of a workshop changed.
pub const WORKSHOP_UPDATED: &str = "workshop.updated";
/// A workshop won't take place. Facts: `workshop_id`, `title`.
pub const WORKSHOP_CANCELLED: &str = "workshop.cancelled";
/// A workshop is gone; the changes say what it was.
pub const WORKSHOP_DELETED: &str = "workshop.deleted";
/// Someone registered. Facts: `workshop_id`, `user_id`, `status` (`confirmed` or `waitlisted`).
pub const REGISTERED: &str = "workshop.registered";
/// Someone who waited has a seat. Facts: `workshop_id`, `user_id`, `title`.
pub const PROMOTED: &str = "workshop.promoted";
/// Someone gave their seat or their place in line back, or lost it. Facts: `workshop_id`, `user_id`, `status` (what they had).
pub const UNREGISTERED: &str = "workshop.unregistered";
/// Someone came. Facts: `workshop_id`, `user_id`.
pub const CHECKED_IN: &str = "workshop.checked_in";
/// Something was written to everyone who has a seat. Facts: `broadcast_id`, `workshop_id`, `recipients`.
pub const BROADCAST: &str = "workshop.broadcast";

/// What the events are about.
pub(crate) const RESOURCE: &str = "workshop";

/// Heard: someone no longer belongs to a workspace; `user_id` says who.
pub(crate) const WORKSPACE_MEMBER_REMOVED: &str = "workspace.member_removed";
/// Heard: a member was suspended; `user_id` says who.
pub(crate) const WORKSPACE_MEMBER_SUSPENDED: &str = "workspace.member_suspended";
/// Heard: a membership is over by its time; `user_id` says whose.
pub(crate) const WORKSPACE_MEMBER_EXPIRED: &str = "workspace.member_expired";
/// Heard: a picture was added; `workshop_id` says of which workshop it is a photo, if it is one.
pub(crate) const IMAGE_UPLOADED: &str = "image.uploaded";
/// Heard: an account is gone. Its resource is the user.
pub(crate) const ACCOUNT_DELETED: &str = "accounts.user_deleted";
