//! From the first byte of a request to a file that was looked at: the form, the spool folder, the decoders.

mod decoding;
mod file_name;
mod form;
mod query;
mod spool;

pub(crate) use decoding::{DecodePool, Developed};
pub(crate) use form::{Upload, UploadForm};
pub(crate) use query::UploadQuery;
pub(crate) use spool::{Spool, Spooled};
