//! How many requests there were, by route and status, and how long they took.
//!
//! A route is its template, as `/api/v1/projects/{id}`: there are as many series as routes, whatever is asked for.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use actix_web::http::{Method, StatusCode};

use super::text::Text;

/// Upper bounds of the histogram, in seconds.
const BOUNDS: [f64; 12] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

#[derive(Debug, Default)]
struct Series {
    by_status: HashMap<u16, u64>,
    /// How many took at most so long; what took longer than all bounds is in the sum of statuses only.
    buckets: [u64; BOUNDS.len()],
    seconds: f64,
}

/// Counts requests. One short lock per request; nothing of it when nobody asked for metrics.
#[derive(Debug, Default)]
pub struct Requests {
    series: Mutex<HashMap<(&'static str, String), Series>>,
}

/// What is no method that anybody has a use for is one label, not as many as a caller can think of.
pub(crate) fn name_of(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "OTHER",
    }
}

impl Requests {
    /// Counts one. `route` is the template that answered; none where nothing is mounted.
    pub fn count(&self, method: &Method, route: Option<String>, status: StatusCode, took: Duration) {
        let key = (name_of(method), route.unwrap_or_else(|| "none".to_owned()));
        let mut series = self.series.lock().unwrap_or_else(PoisonError::into_inner);
        let series = series.entry(key).or_default();
        *series.by_status.entry(status.as_u16()).or_default() += 1;
        let seconds = took.as_secs_f64();
        series.seconds += seconds;
        for (bucket, bound) in series.buckets.iter_mut().zip(BOUNDS) {
            *bucket += u64::from(seconds <= bound);
        }
    }

    pub(super) fn write(&self, text: &mut Text) {
        let series = self.series.lock().unwrap_or_else(PoisonError::into_inner);
        let mut sorted: Vec<_> = series.iter().collect();
        sorted.sort_by_key(|(key, _)| *key);
        text.head("lobby_http_requests_total", "counter", "Requests that were answered.");
        for ((method, route), series) in &sorted {
            let mut statuses: Vec<_> = series.by_status.iter().collect();
            statuses.sort();
            for (status, count) in statuses {
                let labels = [("method", *method), ("route", route.as_str()), ("status", &status.to_string())];
                text.whole("lobby_http_requests_total", &labels, *count);
            }
        }
        let name = "lobby_http_request_duration_seconds";
        text.head(name, "histogram", "Seconds until the answer began.");
        for ((method, route), series) in &sorted {
            let total: u64 = series.by_status.values().sum();
            let labels = [("method", *method), ("route", route.as_str())];
            let bounds = BOUNDS.iter().map(ToString::to_string).zip(series.buckets);
            for (bound, count) in bounds.chain([("+Inf".to_owned(), total)]) {
                let labels = [labels[0], labels[1], ("le", bound.as_str())];
                text.whole(&format!("{name}_bucket"), &labels, count);
            }
            text.number(&format!("{name}_sum"), &labels, series.seconds);
            text.whole(&format!("{name}_count"), &labels, total);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_template_and_in_every_bucket_that_they_fit() {
        let requests = Requests::default();
        let route = || Some("/api/v1/projects/{id}".to_owned());
        requests.count(&Method::GET, route(), StatusCode::OK, Duration::from_millis(7));
        requests.count(&Method::GET, route(), StatusCode::NOT_FOUND, Duration::from_mins(1));
        requests.count(&Method::from_bytes(b"BREW").unwrap(), None, StatusCode::NOT_FOUND, Duration::ZERO);
        let mut text = Text::default();
        requests.write(&mut text);
        let text = text.into_string();
        for line in [
            "lobby_http_requests_total{method=\"GET\",route=\"/api/v1/projects/{id}\",status=\"200\"} 1",
            "lobby_http_requests_total{method=\"GET\",route=\"/api/v1/projects/{id}\",status=\"404\"} 1",
            "lobby_http_requests_total{method=\"OTHER\",route=\"none\",status=\"404\"} 1",
            "lobby_http_request_duration_seconds_bucket{method=\"GET\",route=\"/api/v1/projects/{id}\",le=\"0.005\"} 0",
            "lobby_http_request_duration_seconds_bucket{method=\"GET\",route=\"/api/v1/projects/{id}\",le=\"0.01\"} 1",
            "lobby_http_request_duration_seconds_bucket{method=\"GET\",route=\"/api/v1/projects/{id}\",le=\"30\"} 1",
            "lobby_http_request_duration_seconds_bucket{method=\"GET\",route=\"/api/v1/projects/{id}\",le=\"+Inf\"} 2",
            "lobby_http_request_duration_seconds_count{method=\"GET\",route=\"/api/v1/projects/{id}\"} 2",
        ] {
            assert!(text.lines().any(|told| told == line), "{line} is not in\n{text}");
        }
    }
}
