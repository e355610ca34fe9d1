//! What invoices answer to, one operation per file.

mod create;
mod finalise;
mod list;
mod pay;
mod read;
mod void;

use kernel::http::Routes;

pub(crate) fn all() -> Routes {
    kernel::routes![
        list::list_invoices,
        create::create_invoice,
        read::read_invoice,
        finalise::finalise_invoice,
        pay::pay_invoice,
        void::void_invoice,
    ]
}
