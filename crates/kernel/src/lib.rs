//! The vocabulary that every domain of Lobby shares: ids, problems, pages, time, databases, permits, events, ports.

pub mod authority;
pub mod bounds;
pub mod cache;
pub mod clock;
pub mod db;
pub mod facts;
pub mod failure;
pub mod grant;
pub mod guard;
pub mod http;
pub mod ids;
pub mod jobs;
pub mod keyring;
pub mod listing;
pub mod mail;
pub mod media;
pub mod money;
pub mod notices;
pub mod outbox;
pub mod outbox_lag;
pub mod page;
pub mod problem;
pub mod proxies;
pub mod reply;
pub mod sms;
pub mod trace;
pub mod trail;

#[doc(hidden)]
pub use pastey;
