//! A client of event streams.

use std::time::{Duration, Instant};

use rand::RngExt;
use reqwest::{Method, Response};
use serde_json::Value;

use super::client::Client;

/// Within this everything comes, on the slowest machine.
pub const SOON: Duration = Duration::from_secs(30);

/// A stream, read part by part.
pub struct Following {
    response: Response,
    text: String,
    /// Signs of life that came.
    pub beats: usize,
}

/// An event of a stream.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// Its `id`.
    pub place: String,
    /// What kind it is of.
    pub event: String,
    /// What it says.
    pub data: Value,
}

impl Told {
    /// The id of what it is about.
    pub fn subject(&self) -> String {
        self.data["subject"]["id"].as_str().unwrap().to_owned()
    }
}

impl Following {
    /// Opens a stream, from a place on if one is given.
    pub async fn open(person: &Client, place: Option<&str>) -> Self {
        let mut request = person.request(Method::GET, "/events");
        if let Some(place) = place {
            request = request.header("Last-Event-ID", place);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-store");
        let mut following = Self { response, text: String::new(), beats: 0 };
        assert_eq!(following.next().await.unwrap().event, "ready");
        following
    }

    /// The next event; none when the stream ended.
    pub async fn next(&mut self) -> Option<Told> {
        loop {
            if let Some(end) = self.text.find("\n\n") {
                let block: String = self.text.drain(..end + 2).collect();
                let field = |name: &str| {
                    block
                        .lines()
                        .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
                        .unwrap_or_default()
                        .to_owned()
                };
                if block.starts_with(':') {
                    self.beats += 1;
                    continue;
                }
                let data = serde_json::from_str(&field("data")).unwrap();
                return Some(Told { place: field("id"), event: field("event"), data });
            }
            let part = tokio::time::timeout(SOON, self.response.chunk()).await.expect("nothing comes");
            match part {
                Ok(Some(part)) => self.text.push_str(std::str::from_utf8(&part).unwrap()),
                Ok(None) | Err(_) => return None,
            }
        }
    }

    /// Reads to the end; whether there is one.
    pub async fn ends(mut self) -> bool {
        let deadline = Instant::now() + SOON;
        while Instant::now() < deadline {
            if self.next().await.is_none() {
                return true;
            }
        }
        false
    }
}

/// Follows, goes away at random, and comes back to where it was, until it has heard of so many; answers what it heard, and
/// how often it came.
pub async fn come_and_go(person: &Client, mut place: String, events: usize) -> (Vec<String>, usize) {
    let (mut seen, mut visits) = (Vec::new(), 0);
    while seen.len() < events {
        let mut stream = Following::open(person, Some(&place)).await;
        visits += 1;
        let patience = rand::rng().random_range(1..=12);
        for _ in 0..patience {
            if seen.len() == events {
                break;
            }
            let Some(told) = stream.next().await else { break };
            seen.push(told.subject());
            place = told.place;
        }
    }
    (seen, visits)
}
