//! What e-mail addresses, usernames, names, passwords, numbers and places must be. Pure.

mod avatar;
mod email;
mod names;
mod national_id;
mod onboarding;
mod password;
mod phone;
mod places;

pub(crate) use avatar::{check_color, check_emoji};
pub(crate) use email::{check_email, email_key};
pub(crate) use names::{check_name, check_username, trimmed, username_key};
pub use national_id::NationalId;
pub(crate) use national_id::check_national_id;
pub use onboarding::OnboardingStep;
pub(crate) use onboarding::missing;
pub(crate) use password::{PasswordFault, check_password};
pub use phone::warm_up;
pub(crate) use phone::{check_phone, phone_key};
pub(crate) use places::{check_locale, check_timezone, locale_key, timezone_key};
