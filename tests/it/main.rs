//! Black-box tests: a real server, a real PostgreSQL, and clients that only know the API.

mod boundaries;
mod commands;
mod doors;
mod durability;
mod edge;
mod gallery;
mod harness;
mod hostile;
mod projects;
mod readme;
mod split;
mod statements;
