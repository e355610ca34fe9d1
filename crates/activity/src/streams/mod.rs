//! Event streams: what one is told of, sent while it happens (Server-Sent Events, HTML Living Standard section 9.2).
//!
//! A stream holds nothing but a place in its person's feed. What it sends it reads from there, after the database said that
//! there is something: so nothing piles up for a client that is slow, and one that comes back misses nothing.

mod hub;
mod position;
mod reader;

pub use hub::{Ears, StreamLimits, Streams};
pub(crate) use position::{Follow, Position};
pub(crate) use reader::Reader;
