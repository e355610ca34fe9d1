//! What plans answer to, one operation per file.

mod create;
mod list;
mod publish;
mod read;
mod replace;
mod retire;

use kernel::http::Routes;

pub(crate) fn all() -> Routes {
    kernel::routes![
        list::list_plans,
        create::create_plan,
        publish::create_platform_plan,
        read::read_plan,
        replace::replace_plan,
        retire::retire_plan,
    ]
}
