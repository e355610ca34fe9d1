//! What is asked and done about notifications, one operation per file.

mod list;
mod mark;
mod mark_all;
mod prefer;
mod preferences;
mod unread;

use kernel::http::Routes;

pub(super) fn all() -> Routes {
    kernel::routes![
        list::notifications,
        unread::unread_count,
        mark::mark_as_read,
        mark_all::mark_all_as_read,
        preferences::preferences,
        prefer::prefer,
    ]
}
