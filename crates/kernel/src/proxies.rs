//! Whose request it is behind a proxy: the nearest address that no trusted proxy vouches for.
//!
//! Anybody can send `X-Forwarded-For`, so it counts only for what trusted proxies put there. Each appends the address
//! that it was called from, so the list is read from the right, through those that are trusted themselves; the first
//! that isn't is the client. What stands left of it is whatever the client made up.

use std::{net::IpAddr, str::FromStr};

use actix_web::http::header::{FORWARDED, HeaderMap, HeaderName};

/// An address, or a network of them, as in `10.0.0.0/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    bits: u128,
    /// Leading bits that count, of 128.
    length: u32,
    is_v4: bool,
}

/// Why a text names no network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("takes an address or a network, as in 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32")]
pub struct NotANetwork;

/// An address's bits from the left, and whether it is of version 4.
fn bits_of(address: IpAddr) -> (u128, bool) {
    match address.to_canonical() {
        IpAddr::V4(address) => (u128::from(address.to_bits()) << 96, true),
        IpAddr::V6(address) => (address.to_bits(), false),
    }
}

fn leading(bits: u128, length: u32) -> u128 {
    if length == 0 { 0 } else { bits & (u128::MAX << (128 - length)) }
}

impl Network {
    /// The network of `address` that has so many leading bits in common: `v4` of 32, or `v6` of 128.
    pub fn around(address: IpAddr, v4: u32, v6: u32) -> Self {
        let (bits, is_v4) = bits_of(address);
        let length = if is_v4 { v4.min(32) } else { v6.min(128) };
        Self { bits: leading(bits, length), length, is_v4 }
    }

    /// Whether `address` belongs to it.
    pub fn contains(&self, address: IpAddr) -> bool {
        let (bits, is_v4) = bits_of(address);
        is_v4 == self.is_v4 && leading(bits, self.length) == self.bits
    }

    /// Bytes to know it by.
    pub fn to_bytes(self) -> [u8; 18] {
        let mut bytes = [0; 18];
        bytes[..16].copy_from_slice(&self.bits.to_be_bytes());
        bytes[16] = u8::try_from(self.length).unwrap_or(u8::MAX);
        bytes[17] = u8::from(self.is_v4);
        bytes
    }
}

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length.parse::<u32>().map_err(|_| NotANetwork)?)),
            None => (text, None),
        };
        let address: IpAddr = address.trim().parse().map_err(|_| NotANetwork)?;
        let (bits, is_v4) = bits_of(address);
        let whole = if is_v4 { 32 } else { 128 };
        let length = length.unwrap_or(whole);
        // Bits beyond the length are more likely a mistake than a wish.
        if length > whole || leading(bits, length) != bits {
            return Err(NotANetwork);
        }
        Ok(Self { bits, length, is_v4 })
    }
}

/// In which header the proxies say whom they were called by. Only the one that they write may be read: the other comes
/// through from the client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ForwardingHeader {
    /// What nginx and most others write.
    #[default]
    XForwardedFor,
    /// The standard one (RFC 7239).
    Forwarded,
}

/// The proxies that are trusted to say whom they were called by. None, by default.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies {
    networks: Vec<Network>,
    header: ForwardingHeader,
    /// Whether whoever calls through a unix socket is one: the socket's rights say who can.
    unix: bool,
}

impl TrustedProxies {
    /// Those in `networks`, which write `header`.
    pub fn new(networks: Vec<Network>, header: ForwardingHeader) -> Self {
        Self { networks, header, unix: false }
    }

    /// The same, and those that call through a unix socket.
    #[must_use]
    pub fn with_unix_sockets(self, unix: bool) -> Self {
        Self { unix, ..self }
    }

    fn trust(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|network| network.contains(address))
    }

    /// Where a request comes from that `peer` sent, with these headers.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        self.client_through(peer.to_canonical(), self.said(headers).iter().rev())
    }

    fn client_through<'a>(&self, mut nearest: IpAddr, before: impl Iterator<Item = &'a Option<String>>) -> IpAddr {
        for said in before {
            if !self.trust(nearest) {
                break;
            }
            // What can't be read can't be vouched for: the one who wrote it is as far as one can see.
            let Some(address) = said.as_deref().and_then(address_in) else { break };
            nearest = address;
        }
        nearest
    }

    /// The same of a request that came through a unix socket, whose peer has no address: nobody, unless what calls there is trusted.
    pub fn client_behind_unix_socket(&self, headers: &HeaderMap) -> Option<IpAddr> {
        if !self.unix {
            return None;
        }
        let said = self.said(headers);
        let (nearest, before) = said.split_last()?;
        Some(self.client_through(address_in(nearest.as_deref()?)?, before.iter().rev()))
    }

    /// What the proxies say, the nearest one last; none where one says something without an address.
    fn said(&self, headers: &HeaderMap) -> Vec<Option<String>> {
        let name = match self.header {
            ForwardingHeader::XForwardedFor => HeaderName::from_static("x-forwarded-for"),
            ForwardingHeader::Forwarded => FORWARDED,
        };
        let mut said = Vec::new();
        for value in headers.get_all(name) {
            // A line that is no text must not be passed over, or what is left of it would count.
            let Ok(text) = value.to_str() else {
                said.push(None);
                continue;
            };
            said.extend(text.split(',').map(|element| match self.header {
                ForwardingHeader::XForwardedFor => Some(element.trim().to_owned()),
                ForwardingHeader::Forwarded => for_of(element),
            }));
        }
        said
    }
}

/// The parameter `for` of an element of `Forwarded`. A quoted comma or semicolon has no place in an address, so it may
/// be split at: what comes of it is no address.
fn for_of(element: &str) -> Option<String> {
    element.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// The address in `192.0.2.7`, `192.0.2.7:4711`, `2001:db8::7`, `[2001:db8::7]` or `[2001:db8::7]:4711`.
fn address_in(text: &str) -> Option<IpAddr> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(address.to_canonical());
    }
    let host = match text.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?.0,
        None => text.split_once(':')?.0,
    };
    Some(host.parse::<IpAddr>().ok()?.to_canonical())
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn client(trusted: &[&str], header: ForwardingHeader, peer: &str, lines: &[&str]) -> String {
        let networks = trusted.iter().map(|network| network.parse().unwrap()).collect();
        let mut headers = HeaderMap::new();
        for line in lines {
            let (name, value) = line.split_once(": ").unwrap();
            headers.append(name.parse().unwrap(), HeaderValue::from_str(value).unwrap());
        }
        TrustedProxies::new(networks, header).client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn nobody_is_believed_who_is_not_trusted() {
        let client = |trusted: &[&str], peer: &str, lines: &[&str]| {
            client(trusted, ForwardingHeader::XForwardedFor, peer, lines)
        };
        assert_eq!(client(&[], "127.0.0.1", &["x-forwarded-for: 192.0.2.7"]), "127.0.0.1");
        assert_eq!(client(&["10.0.0.0/8"], "11.0.0.1", &["x-forwarded-for: 192.0.2.7"]), "11.0.0.1");
        assert_eq!(client(&["10.0.0.0/8"], "10.1.2.3", &["x-forwarded-for: 192.0.2.7"]), "192.0.2.7");
        assert_eq!(client(&["10.0.0.0/8"], "10.1.2.3", &[]), "10.1.2.3");
        // What the client wrote itself stands left of what the proxy saw.
        assert_eq!(client(&["10.0.0.0/8"], "10.1.2.3", &["x-forwarded-for: 1.1.1.1, 192.0.2.7"]), "192.0.2.7");
        let two = ["x-forwarded-for: 1.1.1.1", "x-forwarded-for: 192.0.2.7, 10.9.9.9"];
        assert_eq!(client(&["10.0.0.0/8"], "10.1.2.3", &two), "192.0.2.7");
        // The header that the proxies don't write comes from the client.
        assert_eq!(client(&["10.0.0.0/8"], "10.1.2.3", &["forwarded: for=192.0.2.7"]), "10.1.2.3");
    }

    #[test]
    fn what_is_no_address_ends_the_search() {
        let client = |lines: &[&str]| client(&["10.0.0.0/8"], ForwardingHeader::XForwardedFor, "10.1.2.3", lines);
        for rubbish in ["unknown", "", "999.1.1.1", "10.0.0.300", "::zz", "[::1"] {
            assert_eq!(client(&[&format!("x-forwarded-for: 1.1.1.1, {rubbish}")]), "10.1.2.3", "{rubbish}");
        }
        assert_eq!(client(&["x-forwarded-for: 192.0.2.7:4711"]), "192.0.2.7");
        assert_eq!(client(&["x-forwarded-for: ::ffff:192.0.2.7"]), "192.0.2.7");
        assert_eq!(client(&["x-forwarded-for: [2001:db8::7]:80"]), "2001:db8::7");
    }

    #[test]
    fn the_standard_header_is_read_where_it_is_the_one() {
        let client = |value: &str| {
            let line = format!("forwarded: {value}");
            client(&["::1", "10.0.0.0/8"], ForwardingHeader::Forwarded, "::1", &[&line, "x-forwarded-for: 6.6.6.6"])
        };
        assert_eq!(client("for=1.1.1.1, For=192.0.2.7;proto=https"), "192.0.2.7");
        assert_eq!(client("proto=https;for=\"[2001:db8::7]:4711\""), "2001:db8::7");
        assert_eq!(client("for=192.0.2.7, for=10.0.0.5;by=10.0.0.6"), "192.0.2.7");
        assert_eq!(client("for=unknown"), "::1");
        assert_eq!(client("for=_hidden, proto=https"), "::1");
    }

    #[test]
    fn a_unix_socket_vouches_for_what_its_proxy_says_and_no_more() {
        let client = |unix: bool, said: &[&str]| {
            let networks = vec!["10.0.0.0/8".parse().unwrap()];
            let mut headers = HeaderMap::new();
            for value in said {
                headers.append("x-forwarded-for".parse().unwrap(), HeaderValue::from_str(value).unwrap());
            }
            let proxies = TrustedProxies::new(networks, ForwardingHeader::XForwardedFor).with_unix_sockets(unix);
            proxies.client_behind_unix_socket(&headers).map(|address| address.to_string())
        };
        assert_eq!(client(false, &["192.0.2.7"]), None);
        assert_eq!(client(true, &["192.0.2.7"]).as_deref(), Some("192.0.2.7"));
        assert_eq!(client(true, &["1.1.1.1, 192.0.2.7"]).as_deref(), Some("192.0.2.7"));
        assert_eq!(client(true, &["1.1.1.1, 192.0.2.7, 10.1.2.3"]).as_deref(), Some("192.0.2.7"));
        assert_eq!(client(true, &[]), None);
        assert_eq!(client(true, &["192.0.2.7, unknown"]), None);
    }

    #[test]
    fn networks_are_written_with_their_length() {
        let network = |text: &str| text.parse::<Network>();
        assert!(network("10.0.0.0/8").unwrap().contains("10.255.0.1".parse().unwrap()));
        assert!(network("0.0.0.0/0").unwrap().contains("8.8.8.8".parse().unwrap()));
        assert!(!network("0.0.0.0/0").unwrap().contains("2001:db8::1".parse().unwrap()));
        assert!(network("10.0.0.0/8").unwrap().contains("::ffff:10.0.0.1".parse().unwrap()));
        assert!(network("2001:db8::/32").unwrap().contains("2001:db8:1::1".parse().unwrap()));
        assert!(!network("192.0.2.7").unwrap().contains("192.0.2.8".parse().unwrap()));
        for wrong in ["", "10.0.0.1/8", "10.0.0.0/33", "2001:db8::/129", "example.com", "10.0.0.0/x"] {
            assert_eq!(network(wrong), Err(NotANetwork), "{wrong}");
        }
        let around = |text: &str| Network::around(text.parse().unwrap(), 24, 64);
        assert_eq!(around("192.0.2.7"), around("192.0.2.250"));
        assert_ne!(around("192.0.2.7"), around("192.0.3.7"));
        assert_eq!(around("2001:db8::1"), around("2001:db8::ffff:1"));
        assert_ne!(around("2001:db8::1").to_bytes(), around("2001:db8:0:1::1").to_bytes());
    }
}
