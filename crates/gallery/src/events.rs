//! What the gallery announces.

/// The kind of resource of events about an image, or a photo of a workshop.
pub const IMAGE: &str = "image";
/// The kind of resource of events about an album.
pub const ALBUM: &str = "album";
/// The kind of resource of events about a comment.
pub const COMMENT: &str = "comment";
/// The kind of resource of events about a report.
pub const REPORT: &str = "report";
/// The kind of resource of events about how a workspace's gallery is run, and about its tags.
pub const GALLERY: &str = "gallery";

/// Someone uploaded an image.
pub const UPLOADED: &str = "image.uploaded";
/// Its description or tags changed.
pub const UPDATED: &str = "image.updated";
/// It is in the trash.
pub const DELETED: &str = "image.deleted";
/// Someone made a link to it that needs no sign-in.
pub const SHARED: &str = "image.shared";
/// It is out of the trash.
pub const RESTORED: &str = "image.restored";
/// It is gone for good.
pub const ERASED: &str = "image.erased";
/// It waits for a decision.
pub const SUBMITTED: &str = "image.submitted";
/// It was approved. Facts: `image_id`, `uploader_id`, `reason_code`, `reason`.
pub const APPROVED: &str = "image.approved";
/// It was rejected. Facts: `image_id`, `uploader_id`, `reason_code`, `reason`.
pub const REJECTED: &str = "image.rejected";
/// Its uploader asks for another decision.
pub const APPEALED: &str = "image.appealed";
/// It is a draft again.
pub const WITHDRAWN: &str = "image.withdrawn";
/// Someone likes it.
pub const LIKED: &str = "image.liked";
/// Someone likes it no more.
pub const UNLIKED: &str = "image.unliked";

/// Someone commented on an image. Facts: `image_id`, `uploader_id`, `parent_id`.
pub const COMMENTED: &str = "comment.created";
/// A comment's words changed.
pub const COMMENT_EDITED: &str = "comment.edited";
/// A comment is gone, with what answered it.
pub const COMMENT_DELETED: &str = "comment.deleted";

/// Someone reported an image. Says nothing of the image: who it is of may read the log, and is not to learn who it was.
pub const REPORT_OPENED: &str = "report.opened";
/// A report was upheld or dismissed.
pub const REPORT_HANDLED: &str = "report.handled";

/// Whether images need an approval changed.
pub const SETTINGS_CHANGED: &str = "gallery.settings_changed";
/// A tag was renamed, merged into another, or taken off all images.
pub const TAGS_CHANGED: &str = "gallery.tags_changed";

/// Someone made an album.
pub const ALBUM_CREATED: &str = "album.created";
/// What it is called, what it is about, or its cover changed.
pub const ALBUM_UPDATED: &str = "album.updated";
/// It is gone; the images that were in it stay.
pub const ALBUM_DELETED: &str = "album.deleted";
/// Images were put into it. Fact: `image_ids`.
pub const ALBUM_FILLED: &str = "album.images_added";
/// Images were taken out of it. Fact: `image_ids`.
pub const ALBUM_CLEARED: &str = "album.images_removed";
/// One of its images was given another place. Facts: `image_id`, `after`.
pub const ALBUM_ARRANGED: &str = "album.image_moved";
