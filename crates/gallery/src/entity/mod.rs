//! The rows of schema `gallery`, as the stores see them.

pub(crate) mod album;
pub(crate) mod approval_event;
pub(crate) mod comment;
pub(crate) mod image;
mod part;
pub(crate) mod report;
mod status;

pub use part::Part;
pub use report::ReportStatus;
pub use status::Status;
