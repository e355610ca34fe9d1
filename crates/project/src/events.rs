//! What this domain announces, and what it hears of others.

/// A project came into being; its fields are the changes.
pub const PROJECT_CREATED: &str = "project.created";
/// Fields of a project changed.
pub const PROJECT_UPDATED: &str = "project.updated";
/// A project is gone; the changes say what it was, and `members` who took part.
pub const PROJECT_DELETED: &str = "project.deleted";
/// An inactive project takes changes again.
pub const PROJECT_ACTIVATED: &str = "project.activated";
/// A project takes no changes any more.
pub const PROJECT_DEACTIVATED: &str = "project.deactivated";
/// A project has another owner; `owner_id` says from whom to whom.
pub const OWNER_CHANGED: &str = "project.owner_changed";
/// Someone takes part in a project; `user_id` says who.
pub const MEMBER_ADDED: &str = "project.member_added";
/// Someone's part in a project was switched on or off; `user_id` says whose.
pub const MEMBER_UPDATED: &str = "project.member_updated";
/// Someone no longer takes part in a project; `user_id` says who.
pub const MEMBER_REMOVED: &str = "project.member_removed";

/// A project is billed in another way; the fields say from what to what.
pub const BILLING_CHANGED: &str = "project.billing_changed";
/// A deposit, withdrawal, invoice or refund was recorded; the facts say which, of how much, in which project.
pub const OPERATION_RECORDED: &str = "project.operation_recorded";
/// An operation was taken back by another, which the event is about; `reverses` says which.
pub const OPERATION_REVERSED: &str = "project.operation_reversed";
/// A month was closed: it takes no operation any more.
pub const PERIOD_CLOSED: &str = "project.period_closed";
/// A closed month takes operations again.
pub const PERIOD_REOPENED: &str = "project.period_reopened";

/// What the events of operations and of months are about.
pub(crate) const OPERATION: &str = "operation";
pub(crate) const PERIOD: &str = "period";

/// What the events are about.
pub(crate) const RESOURCE: &str = "project";

/// Heard: someone no longer belongs to a workspace; `user_id` says who.
pub(crate) const WORKSPACE_MEMBER_REMOVED: &str = "workspace.member_removed";
