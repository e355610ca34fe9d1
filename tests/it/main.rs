//! Black-box tests: a real server, a real PostgreSQL, and clients that only know the API.

#![allow(
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that panics has done its work, and helpers of tests are tests"
)]

mod accounts;
mod activity;
mod billing;
mod boundaries;
mod commands;
mod dates;
mod doors;
mod durability;
mod edge;
mod gallery;
mod guard;
mod harness;
mod hostile;
mod leaving;
mod mail;
mod matrix;
mod money;
mod outbox;
mod production;
mod profiles;
mod projects;
mod questions;
mod readme;
mod role_tables;
mod roles_page;
mod schemas;
mod split;
mod statements;
mod workshops;
mod workspaces;
mod worlds;
