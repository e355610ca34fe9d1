//! People: their accounts and profiles, how they sign in, and the tokens that say who is calling.

mod actions;
mod brake;
mod device;
mod directory;
mod dto;
mod entity;
mod error;
pub mod events;
mod factor;
pub mod letters;
mod passwords;
pub mod permissions;
mod personal;
pub mod ports;
mod profile_dto;
mod proof;
pub mod provision;
mod refresh;
mod routes;
mod rules;
mod service;
mod settings;
mod store;
mod subject;
mod targets;
mod tokens;

pub use brake::{Attempt, Brake, Kind};
pub use directory::{Directory, PublicName};
pub use dto::{AccountStatus, Mailed, TokensView, UserView};
pub use error::AccountsError;
pub use factor::FactorRefusal;
pub use passwords::Passwords;
pub use permissions::DECLARATIONS;
pub use routes::routes;
pub use rules::warm_up;
pub use service::{Accounts, PhoneMessages, Profiles, Resealed};
pub use settings::AccountSettings;
pub use subject::ACCOUNTS;
pub use tokens::{CHANNELS, KeyFault, Tokens};

/// The module, and its schema.
#[derive(Debug)]
pub struct Schema;

impl kernel::db::Module for Schema {
    const NAME: &'static str = "accounts";
}
