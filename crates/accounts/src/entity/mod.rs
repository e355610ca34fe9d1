//! The tables of schema `accounts`.

pub(crate) mod mfa_challenge;
pub(crate) mod personal_token;
pub(crate) mod phone_code;
pub(crate) mod profile;
pub(crate) mod proof;
pub(crate) mod recovery_code;
pub(crate) mod refresh_token;
pub(crate) mod second_factor;
pub(crate) mod session;
pub(crate) mod sign_up;
pub(crate) mod user;
