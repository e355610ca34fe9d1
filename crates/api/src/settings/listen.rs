//! Where the server is to listen: an address and port, or a unix socket.

use std::{fmt, net::SocketAddr, path::PathBuf, str::FromStr};

use serde::{Deserialize, Deserializer, de::Error};

/// `server.listen`
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listen {
    /// An address and port.
    Tcp(SocketAddr),
    /// A unix socket.
    Unix(PathBuf),
}

impl Listen {
    /// The address, where it is one.
    pub fn address(&self) -> Option<SocketAddr> {
        match self {
            Self::Tcp(address) => Some(*address),
            Self::Unix(_) => None,
        }
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// Why a text says no place to listen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "takes an address and port, as in 127.0.0.1:8080, or unix: and an absolute path, as in unix:/run/lobby/lobby.sock"
)]
pub struct NoPlace;

/// The system's limit for the path of a unix socket.
const LONGEST: usize = 107;

impl FromStr for Listen {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.strip_prefix("unix:") {
            Some(path) if path.starts_with('/') && path.len() <= LONGEST => Ok(Self::Unix(path.into())),
            Some(_) => Err(NoPlace),
            None => text.parse().map(Self::Tcp).map_err(|_| NoPlace),
        }
    }
}

impl<'de> Deserialize<'de> for Listen {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_an_address_or_an_absolute_path() {
        assert_eq!("127.0.0.1:8080".parse(), Ok(Listen::Tcp(([127, 0, 0, 1], 8080).into())));
        assert_eq!("unix:/run/lobby/lobby.sock".parse(), Ok(Listen::Unix("/run/lobby/lobby.sock".into())));
        for wrong in ["", "8080", "localhost:8080", "unix:", "unix:lobby.sock", "/run/lobby.sock"] {
            assert_eq!(wrong.parse::<Listen>(), Err(NoPlace), "{wrong}");
        }
        assert_eq!(format!("unix:/{}", "x".repeat(107)).parse::<Listen>(), Err(NoPlace));
        for place in ["[::1]:80", "unix:/run/x"] {
            assert_eq!(place.parse::<Listen>().unwrap().to_string(), place);
        }
    }
}
