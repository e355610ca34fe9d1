//! What roles can grant in the gallery.

use kernel::grant::{Declarations, Permission};

/// Look at approved images, and at one's own.
pub const VIEW_IMAGES: Permission = Permission::ownable("can_view_images", "Look at images");
/// Add images.
pub const UPLOAD_IMAGES: Permission = Permission::whole("can_upload_images", "Upload images");
/// Change descriptions and tags, submit and withdraw, read the original.
pub const EDIT_IMAGES: Permission = Permission::ownable("can_edit_images", "Edit images and submit them for approval");
/// Delete images.
pub const DELETE_IMAGES: Permission = Permission::ownable("can_delete_images", "Delete images");
/// Decide about submitted images.
pub const REVIEW_IMAGES: Permission = Permission::whole("can_review_images", "Approve and reject images");
/// Like images.
pub const LIKE_IMAGES: Permission = Permission::whole("can_like_images", "Like images");
/// Report images.
pub const REPORT_IMAGES: Permission = Permission::whole("can_report_images", "Report images");
/// Handle reports.
pub const HANDLE_REPORTS: Permission = Permission::whole("can_handle_reports", "Handle reports");
/// Read comments.
pub const VIEW_COMMENTS: Permission = Permission::whole("can_view_comments", "Read comments");
/// Write comments.
pub const COMMENT: Permission = Permission::whole("can_comment", "Write comments");
/// Change comments.
pub const EDIT_COMMENTS: Permission = Permission::ownable("can_edit_comments", "Edit comments");
/// Delete comments.
pub const DELETE_COMMENTS: Permission = Permission::ownable("can_delete_comments", "Delete comments");

/// See workshops. Theirs, known by its key: the photos that describe workshops are kept here.
pub const VIEW_WORKSHOPS: Permission = Permission::whole("can_view_workshops", "See workshops");
/// See the photos of those who attended. Of the workshops too.
pub const VIEW_ATTENDEE_PHOTOS: Permission = Permission::whole("can_view_attendee_photos", "See attendees' photos");

/// What the gallery brings to the vocabulary.
pub const DECLARATIONS: Declarations = Declarations {
    module: "gallery",
    permissions: &[
        &VIEW_IMAGES,
        &UPLOAD_IMAGES,
        &EDIT_IMAGES,
        &DELETE_IMAGES,
        &REVIEW_IMAGES,
        &LIKE_IMAGES,
        &REPORT_IMAGES,
        &HANDLE_REPORTS,
        &VIEW_COMMENTS,
        &COMMENT,
        &EDIT_COMMENTS,
        &DELETE_COMMENTS,
    ],
    limits: &[],
};
