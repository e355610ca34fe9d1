//! All queries of this domain. A connection only comes with a permit, a lookup or a named system actor, so what several
//! doors share takes whatever transaction they opened.

pub(crate) mod challenges;
pub(crate) mod factors;
pub(crate) mod people;
pub(crate) mod personal_tokens;
pub(crate) mod phone_codes;
pub(crate) mod places;
pub(crate) mod profiles;
pub(crate) mod proofs;
pub(crate) mod refresh_tokens;
pub(crate) mod sealed;
pub(crate) mod sessions;
pub(crate) mod sign_ups;
pub(crate) mod users;
