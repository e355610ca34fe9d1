//! People: their accounts and profiles, how they sign in, and the tokens that say who is calling.

mod actions;
mod device;
mod directory;
mod dto;
mod entity;
mod error;
pub mod events;
pub mod letters;
mod passwords;
pub mod permissions;
pub mod ports;
mod proof;
pub mod provision;
mod refresh;
mod routes;
mod rules;
mod service;
mod settings;
mod store;
mod targets;
mod tokens;

pub use directory::{Directory, PublicName};
pub use dto::{AccountStatus, Mailed, TokensView, UserView};
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
