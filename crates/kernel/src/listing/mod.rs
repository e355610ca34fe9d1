//! What lists of things that are searched, filtered and sorted have in common: what a search is, how a filter names a
//! person, and pages by the place of their last row.
//!
//! A module says once what its rows are sorted by ([`Listed`]), gives the condition of what is to be seen
//! ([`Rows::of`]) and reads a page or counts. The SQL that searches is a function of the module's schema
//! (`search(places uuid[], words text[])`, put together by `migration/src/search_statement.sql`).

mod person;
mod rows;
mod search;
mod sorting;

pub use person::{Named, PersonRef};
pub use rows::{Ranked, Rows, count, is_among};
pub use search::{RELEVANCE, Search, containing};
pub use sorting::{Key, Listed, Position};
