//! All queries of the gallery.

pub(crate) mod approvals;
pub(crate) mod content;
pub(crate) mod images;
pub(crate) mod lists;
pub(crate) mod photos;
pub(crate) mod touched;
