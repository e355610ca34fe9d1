//! How much guessing is let through, by whom.
//!
//! With `free` attempts at once and then one per `forgive` seconds in the long run, no hour sees more than
//! `free + log2(forgive / first) + 3600 / forgive + 1` of them.

use std::net::IpAddr;

use kernel::proxies::Network;

/// The bounds of one count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bounds {
    /// Failures that cost nothing.
    pub(crate) free: u32,
    /// The seconds to wait after the next one; each further doubles them.
    pub(crate) first: f64,
    /// The longest wait, in seconds; and as many after the last failure one is forgiven.
    pub(crate) forgive: f64,
}

/// One account, from everywhere that isn't known to be its owner: at most 16 guesses in an hour, 150 in a day.
pub(crate) const STRANGERS: Bounds = Bounds { free: 5, first: 30.0, forgive: 600.0 };
/// One account, from a device or network of its owner: at most 28 in an hour.
pub(crate) const FAMILIAR: Bounds = Bounds { free: 10, first: 15.0, forgive: 300.0 };
/// All accounts, from one host: at most 66 in an hour. An office of many has the free ones back as they sign in.
pub(crate) const HOST: Bounds = Bounds { free: 30, first: 15.0, forgive: 120.0 };
/// All accounts, from the network around it: many hosts of one owner are no more than some.
pub(crate) const NEIGHBOURHOOD: Bounds = Bounds { free: 120, first: 5.0, forgive: 30.0 };

/// What counts as one host: an IPv4 address, or what a subscriber gets of IPv6.
pub(crate) fn host(address: IpAddr) -> Network {
    Network::around(address, 32, 64)
}

/// What is handed out as one.
pub(crate) fn neighbourhood(address: IpAddr) -> Network {
    Network::around(address, 24, 48)
}
