//! All queries of the gallery.

pub(crate) mod album_images;
pub(crate) mod albums;
pub(crate) mod approvals;
pub(crate) mod comments;
pub(crate) mod content;
pub(crate) mod image_list;
pub(crate) mod images;
pub(crate) mod likes;
pub(crate) mod lists;
pub(crate) mod once;
pub(crate) mod photos;
pub(crate) mod reports;
pub(crate) mod settings;
pub(crate) mod storage;
pub(crate) mod tags;
pub(crate) mod touched;
