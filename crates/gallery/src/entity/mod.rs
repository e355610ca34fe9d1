//! The rows of schema `gallery`, as the stores see them.

pub(crate) mod approval_event;
pub(crate) mod image;
mod status;

pub use status::Status;
