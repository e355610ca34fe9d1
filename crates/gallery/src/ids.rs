//! Identities of what only the gallery has.

kernel::id_types! {
    /// A comment on an image.
    CommentId,
    /// A report of an image.
    ReportId,
    /// An album.
    AlbumId,
}
