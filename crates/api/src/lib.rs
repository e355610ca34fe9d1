//! Lobby: the domains wired together into one program, its configuration, its edge and its commands.

pub mod adapters;
pub mod command;
pub mod data_folder;
pub mod database;
mod housekeeping;
pub mod http;
pub mod logging;
mod mail;
pub mod modules;
pub mod program;
mod renewals;
pub mod seed;
pub mod services;
pub mod settings;
