//! The tables of schema `accounts`.

pub(crate) mod phone_code;
pub(crate) mod profile;
pub(crate) mod refresh_token;
pub(crate) mod session;
pub(crate) mod user;
