//! What the actions of this domain are done to, and who may know that it exists.

mod account;
mod me;
mod own_session;
mod profile;
mod own_token;

pub use account::{AccountEdited, AccountRemoved, AccountSeen};
pub use me::Me;
pub use own_session::OwnSession;
pub use profile::{AvatarSeen, MyProfile, ProfileEdited, ProfileSeen};
pub use own_token::OwnToken;
