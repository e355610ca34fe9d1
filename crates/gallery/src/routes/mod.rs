//! The gallery's operations, one per file.

mod approval;
mod bytes;
mod content;
mod create;
mod decide;
mod delete;
mod list;
mod patch;
mod queue;
mod range;
mod read;
mod replace;
mod share;
mod shared;
mod submit;
mod withdraw;

use kernel::http::Routes;

/// The gallery's routes.
pub fn routes() -> Routes {
    kernel::routes![
        create::create,
        list::list,
        read::read,
        replace::replace,
        patch::patch,
        delete::delete,
        content::content,
        share::share,
        shared::shared,
        submit::submit,
        approval::approval,
        decide::decide,
        withdraw::withdraw,
        queue::queue,
    ]
}
