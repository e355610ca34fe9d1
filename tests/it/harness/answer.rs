//! What came back from a request.

use reqwest::{StatusCode, header::HeaderMap};
use serde_json::Value;

/// An answer, read whole.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What was asked, for messages.
    pub asked: String,
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub bytes: Vec<u8>,
    /// The body as JSON; null when it is none.
    pub json: Value,
}

impl Answer {
    /// Reads an answer.
    pub async fn read(asked: String, response: reqwest::Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.bytes().await.unwrap_or_default().to_vec();
        let json = serde_json::from_slice(&bytes).unwrap_or_default();
        Self { asked, status, headers, bytes, json }
    }

    /// Reads an answer; none where it is cut off.
    pub async fn read_whole(asked: String, response: reqwest::Response) -> Option<Self> {
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.bytes().await.ok()?.to_vec();
        let json = serde_json::from_slice(&bytes).unwrap_or_default();
        Some(Self { asked, status, headers, bytes, json })
    }

    /// Expects a status; the message shows the body.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        let body = String::from_utf8_lossy(&self.bytes[..self.bytes.len().min(2000)]).into_owned();
        assert_eq!(self.status.as_u16(), status, "{} answered {}: {body}", self.asked, self.status);
        self
    }

    /// Expects a problem of this status and code.
    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Self {
        let answer = self.expect(status);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{}", answer.asked);
        assert_eq!(answer.json["code"], code, "{}: {}", answer.asked, answer.json);
        answer
    }

    /// Expects that validation names exactly these places.
    #[track_caller]
    pub fn faults(self, pointers: &[&str]) -> Self {
        let answer = self.expect(422);
        let named: Vec<&str> = answer.json["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|fault| fault["pointer"].as_str())
            .collect();
        assert_eq!(named, pointers, "{}: {}", answer.asked, answer.json);
        answer
    }

    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The resource's id.
    #[track_caller]
    pub fn id(&self) -> String {
        self.text("id")
    }

    /// A text member of the body.
    #[track_caller]
    pub fn text(&self, member: &str) -> String {
        self.json[member].as_str().unwrap_or_else(|| panic!("{}: no {member} in {}", self.asked, self.json)).to_owned()
    }

    /// The rows of a list.
    #[track_caller]
    pub fn items(&self) -> &[Value] {
        self.json["items"].as_array().unwrap_or_else(|| panic!("{}: no items in {}", self.asked, self.json))
    }

    /// One text member of every row.
    #[track_caller]
    pub fn each(&self, member: &str) -> Vec<&str> {
        self.items().iter().filter_map(|item| item[member].as_str()).collect()
    }
}
