//! The role engine, tested from outside: against an independent model, with generated documents, on the shipped blueprints.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod blueprints;
mod ceiling;
mod delegation;
mod documents;
mod limits;
mod reference;
mod roles;
mod sample;
mod schema;
mod states;
mod vocabulary;
