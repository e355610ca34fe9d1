//! What one domain needs of another, or of the outside, joined here and nowhere else.

pub mod audience;
pub mod authority;
pub mod belonging;
pub mod delegations;
pub mod enrolment;
pub mod gateways;
pub mod mail;
pub mod media;
pub mod people;
pub mod plans;
pub mod portfolios;
pub mod premises;
pub mod redis_codes;
pub mod sms;
pub mod workshop_photos;
