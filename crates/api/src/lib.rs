//! Lobby: the domains wired together into one program, its configuration, its edge and its commands.

pub mod adapters;
mod backup;
pub mod command;
pub mod data_folder;
pub mod database;
mod doctor;
mod housekeeping;
pub mod http;
pub mod listening;
pub mod logging;
mod mail;
pub mod metrics;
pub mod modules;
mod notices;
pub mod program;
mod renewals;
pub mod seed;
mod selling;
mod service_manager;
pub mod services;
pub mod settings;
pub mod telemetry;
mod telling;
