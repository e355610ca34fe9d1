//! Backups: a consistent copy of every database, the media, and the keys; with what it takes to prove that it can be restored.
//!
//! A backup is a folder named after its instant. It is written beside its name and renamed when it is whole:
//!
//! | name | what |
//! |---|---|
//! | `database-N.dump` | one database, by `pg_dump`, seen as of one instant |
//! | `media/` | every object, copied after the databases: what a row names is there before the row is |
//! | `media.list` | hash, size and name of each object |
//! | `keys/` | the signing key and the server's secret, without which sealed fields can't be opened |
//! | `manifest.json` | what all of this should be: rows and hash of every table, hashes of the files |
//! | `verified` | when it was last restored into a scratch database and found to be what the manifest says |

mod connection;
mod create;
mod files;
mod manifest;
mod media;
mod restore;
mod shelf;
mod tables;
mod verify;

pub(crate) use create::create;
pub(crate) use restore::restore;
pub(crate) use shelf::Shelf;
pub(crate) use verify::verify;
