//! What the actions of this domain are done to, and who may know that it exists.

mod account;
mod activity;
mod me;
mod own_session;
mod own_token;
mod profile;

pub use account::{AccountEdited, AccountRemoved, AccountSeen};
pub use activity::ActivityOf;
pub use me::Me;
pub use own_session::OwnSession;
pub use own_token::OwnToken;
pub use profile::{AvatarSeen, MyProfile, ProfileEdited, ProfileSeen};
