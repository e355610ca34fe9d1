//! What subscriptions answer to, one operation per file.

mod cancel;
mod change;
mod create;
mod list;
mod quote;
mod read;
mod test_clock;

use kernel::http::Routes;

pub(crate) fn all() -> Routes {
    kernel::routes![
        list::list_subscriptions,
        create::subscribe,
        read::read_subscription,
        cancel::cancel_subscription,
        quote::quote_subscription,
        change::change_subscription,
        test_clock::move_test_clock,
    ]
}
