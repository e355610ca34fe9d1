//! The HTTP vocabulary of handlers: bodies, pages, replies, routes.

mod body;
mod dates;
mod fields;
mod paging;
mod query;
mod replies;
mod routes;
mod table;

pub use body::{Body, given, not_null, valid_fields};
pub use dates::{Dated, dated, given_dated, not_null_dated};
pub use fields::{has_nul, validation_faults};
pub use paging::Paging;
pub use query::Query;
pub use replies::{Created, Done, Fresh, NoContent, Tagged, client_has, etag_of, etag_of_content};
pub use routes::{Documented, Protected, Protector, RouteEntry, Routes};
pub use table::{Stretches, TableFormat, TableRow, csv_cell, send_table};
