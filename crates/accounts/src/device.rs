//! What a device looks like from here: the kind of browser and system, and the network. Versions and the last part of the
//! address change all the time and say nothing.

use std::net::IpAddr;

/// The kind of browser and system, as people call them: "Firefox on Linux".
pub(crate) fn kind(user_agent: Option<&str>) -> String {
    let agent = user_agent.unwrap_or_default();
    let first =
        |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    // In this order: nearly all of them claim to be Safari, and many to be Chrome.
    let browser = first(&[
        ("Firefox/", "Firefox"),
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Chrome/", "Chrome"),
        ("CriOS/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
        ("okhttp/", "an app"),
        ("CFNetwork/", "an app"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iOS"),
        ("iPad", "iOS"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(only), None) | (None, Some(only)) => only.to_owned(),
        (None, None) => "an unknown program".to_owned(),
    }
}

/// The network of an address: the /24 of IPv4, the /48 of IPv6.
pub(crate) fn network(address: Option<&str>) -> String {
    match address.and_then(|text| text.parse::<IpAddr>().ok()).map(|address| address.to_canonical()) {
        Some(IpAddr::V4(address)) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}")
        }
        Some(IpAddr::V6(address)) => {
            let [a, b, c, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}")
        }
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_make_no_other_device() {
        let firefox =
            |version| format!("Mozilla/5.0 (X11; Linux x86_64; rv:{version}) Gecko/20100101 Firefox/{version}");
        assert_eq!(kind(Some(&firefox("140.0"))), "Firefox on Linux");
        assert_eq!(kind(Some(&firefox("141.0"))), kind(Some(&firefox("140.0"))));
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 \
            Safari/537.36 Edg/120.0";
        assert_eq!(kind(Some(edge)), "Edge on Windows");
        assert_eq!(kind(Some("<script>\r\nBcc: eve@example.org")), "an unknown program");
        assert_eq!(kind(None), "an unknown program");
    }

    #[test]
    fn an_address_of_the_same_network_is_no_other_place() {
        assert_eq!(network(Some("192.0.2.7")), network(Some("192.0.2.200")));
        assert_ne!(network(Some("192.0.2.7")), network(Some("192.0.3.7")));
        assert_eq!(network(Some("::ffff:192.0.2.7")), network(Some("192.0.2.8")));
        assert_eq!(network(Some("2001:db8:1:2::3")), network(Some("2001:db8:1:9::4")));
        assert_eq!(network(Some("nonsense")), network(None));
    }
}
