//! Lobby's role engine beside others that were given the same rules: the rules, the contenders, what they are asked.

pub mod agreement;
pub mod contenders;
pub mod footprint;
pub mod speed;
pub mod table;
pub mod world;
