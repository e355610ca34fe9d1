//! What the gallery announces. The resource is always the image.

/// The kind of resource that every event is about.
pub const IMAGE: &str = "image";

/// Someone uploaded an image.
pub const UPLOADED: &str = "image.uploaded";
/// Its description or tags changed.
pub const UPDATED: &str = "image.updated";
/// It is gone.
pub const DELETED: &str = "image.deleted";
/// Someone made a link to it that needs no sign-in.
pub const SHARED: &str = "image.shared";
/// It waits for a decision.
pub const SUBMITTED: &str = "image.submitted";
/// It was approved.
pub const APPROVED: &str = "image.approved";
/// It was rejected.
pub const REJECTED: &str = "image.rejected";
/// It is a draft again.
pub const WITHDRAWN: &str = "image.withdrawn";
