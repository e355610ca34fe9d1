//! People: their accounts and profiles, how they sign in, and the tokens that say who is calling.

mod actions;
mod brake;
mod directory;
mod dto;
mod entity;
mod error;
pub mod events;
mod passwords;
pub mod permissions;
pub mod ports;
pub mod provision;
mod refresh;
mod routes;
mod rules;
mod service;
mod settings;
mod store;
mod targets;
mod tokens;

pub use brake::{Attempt, Brake, Kind};
pub use directory::{Directory, PublicName};
pub use dto::{AccountStatus, TokensView, UserView};
pub use error::AccountsError;
pub use passwords::Passwords;
pub use permissions::DECLARATIONS;
pub use routes::routes;
pub use service::Accounts;
pub use settings::AccountSettings;
pub use tokens::{CHANNELS, KeyFault, Tokens};

/// The module, and its schema.
#[derive(Debug)]
pub struct Schema;

impl kernel::db::Module for Schema {
    const NAME: &'static str = "accounts";
}
