//! A private PostgreSQL under Lobby's data folder, for running with nothing configured.
//!
//! [`Embedded::start`] makes the cluster the first time, starts its server or adopts the one that a killed Lobby left
//! behind, and hands out URLs for it. [`Embedded::watch`] brings a server that died back, [`Embedded::stop`] stops it.
//!
//! In the data folder it keeps:
//!
//! | name | what |
//! |---|---|
//! | `postgres/` | the cluster; only its owner may read it |
//! | `run/` | the server's socket; only its owner may connect. Too long a path: a private folder elsewhere |
//! | `postgres.log` | what the server printed; `postgres.log.1` is the part before |
//! | `postgres.lock` | locked while a Lobby starts or stops the server |
//! | `postgres.users` | share-locked by every living Lobby that uses the server |
//!
//! The server listens on the socket alone, never on a network address, and trusts whoever reaches it, which only the
//! owner of `run/` and root can.
//!
//! **Who stops the server:** the last Lobby that uses it, whichever started it. A Lobby that was killed leaves it
//! running, the next one adopts it (no recovery, no lost second) and from then on answers for it.
//!
//! **Signals:** the server runs in a process group of its own, so that Ctrl-C reaches Lobby alone, which then finishes
//! its work and stops the server itself. A service supervisor must do likewise and signal only the main process (systemd:
//! `KillMode=mixed`).
//!
//! **As root:** PostgreSQL refuses to run as root; its programs run as the account that owns the cluster, for a new one
//! `postgres`, else `lobby`, else `nobody`.

mod account;
mod binaries;
mod cluster;
mod embedded;
mod error;
mod layout;
mod locks;
mod options;
mod postmaster;
mod server;
mod socket;

pub use embedded::Embedded;
pub use error::EmbeddedError;
pub use options::Options;
