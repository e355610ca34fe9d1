//! The rows of schema `gallery`, as the stores see them.

pub(crate) mod approval_event;
pub(crate) mod image;
mod part;
mod status;

pub use part::Part;
pub use status::Status;
