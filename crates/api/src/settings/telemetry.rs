//! `[telemetry]`: where traces are sent, and what can be wrong with that.

use reqwest::{
    Url,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

/// `[telemetry]`
#[derive(Clone, Debug, Deserialize)]
pub struct TelemetrySettings {
    /// The collector; empty for none.
    pub endpoint: String,
    /// What it knows Lobby by.
    pub headers: SecretString,
    /// How many of all traces are sent.
    pub sample: f64,
}

impl TelemetrySettings {
    /// Where traces are posted to; none if they are not.
    pub(crate) fn traces(&self) -> Option<String> {
        (!self.endpoint.is_empty()).then(|| format!("{}/v1/traces", self.endpoint.trim_end_matches('/')))
    }

    /// The headers, none of which is ever shown; none if they can't be read.
    pub(crate) fn header_map(&self) -> Option<HeaderMap> {
        let mut headers = HeaderMap::new();
        let given = self.headers.expose_secret().split(',').map(str::trim);
        for header in given.filter(|header| !header.is_empty()) {
            let (name, value) = header.split_once('=')?;
            let name: HeaderName = name.trim().parse().ok()?;
            let mut value: HeaderValue = value.trim().parse().ok()?;
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        Some(headers)
    }

    pub(super) fn faults(&self) -> Vec<&'static str> {
        let mut faults = Vec::new();
        let sound = |url: Url| {
            let plain = url.username().is_empty() && url.password().is_none();
            ["http", "https"].contains(&url.scheme()) && plain && url.query().is_none() && url.fragment().is_none()
        };
        if !self.endpoint.is_empty() && !self.endpoint.parse().is_ok_and(sound) {
            faults.push("telemetry.endpoint: starts with http:// or https:// and holds no secret; those go into telemetry.headers");
        }
        if self.header_map().is_none() {
            faults.push("telemetry.headers: takes names and values, as in authorization=Bearer abc, x-team=lobby");
        }
        if !(0.0..=1.0).contains(&self.sample) {
            faults.push("telemetry.sample: takes 0 to 1");
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(endpoint: &str, headers: &str, sample: f64) -> TelemetrySettings {
        TelemetrySettings { endpoint: endpoint.to_owned(), headers: headers.to_owned().into(), sample }
    }

    #[test]
    fn what_can_be_used_is_and_what_can_not_is_named() {
        let sound = settings("http://127.0.0.1:4318/", "authorization=Bearer a=b, x-team = lobby,", 0.5);
        assert!(sound.faults().is_empty());
        assert_eq!(sound.traces().unwrap(), "http://127.0.0.1:4318/v1/traces");
        let headers = sound.header_map().unwrap();
        assert_eq!((&headers["authorization"], headers.len()), (&HeaderValue::from_static("Bearer a=b"), 2));
        assert!(!format!("{headers:?} {sound:?}").contains("Bearer"));
        assert_eq!(settings("", "", 1.0).traces(), None);
        for wrong in ["127.0.0.1:4318", "ftp://x", "http://me:secret@x", "http://x?key=secret"] {
            assert_eq!(settings(wrong, "", 1.0).faults().len(), 1, "{wrong}");
        }
        assert_eq!(settings("", "nonsense", -0.1).faults().len(), 2);
    }
}
