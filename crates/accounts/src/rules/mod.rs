//! What e-mail addresses, usernames, names and passwords must be. Pure.

mod email;
mod names;
mod password;

pub(crate) use email::{check_email, email_key};
pub(crate) use names::{check_name, check_username, trimmed, username_key};
pub(crate) use password::{PasswordFault, check_password};
