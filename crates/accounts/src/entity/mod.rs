//! The tables of schema `accounts`.

pub(crate) mod profile;
pub(crate) mod proof;
pub(crate) mod refresh_token;
pub(crate) mod session;
pub(crate) mod sign_up;
pub(crate) mod user;
