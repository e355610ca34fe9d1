//! The embedded PostgreSQL as its callers see it, each test on a cluster of its own.
#![allow(clippy::unwrap_used, reason = "a test that fails by panicking has done its work")]

mod accounts;
mod adoption;
mod crash;
mod lifetime;
mod paths;
mod support;
