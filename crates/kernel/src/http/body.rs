//! JSON bodies: read within the limit, then parsed and validated when the handler has its permit, so that who may not
//! is told so before what is wrong.

use std::{marker::PhantomData, pin::Pin};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::{StatusCode, header},
};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::{Value, error::Category};
use sha2::{Digest, Sha256};
use validator::Validate;

use super::fields::{escape, find_nul, validation_faults};
use crate::{facts::RequestFacts, problem::Problem};

/// The bytes a JSON body may have.
const LIMIT: usize = 256 * 1024;

/// A JSON body, not yet looked at.
pub struct Body<T> {
    bytes: Bytes,
    is_json: bool,
    shape: PhantomData<fn() -> T>,
}

impl<T> std::fmt::Debug for Body<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The bytes may hold a password.
        f.debug_struct("Body").field("bytes", &self.bytes.len()).finish_non_exhaustive()
    }
}

impl<T> FromRequest for Body<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let facts = RequestFacts::of(request);
        let is_json = is_json(request);
        let announced =
            request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        let mut payload = payload.take();
        Box::pin(async move {
            if announced.is_some_and(|length: usize| length > LIMIT) {
                return Err(too_large());
            }
            let mut bytes = BytesMut::new();
            while let Some(chunk) = payload.next().await {
                let chunk = chunk.map_err(|_| Problem::bad_request("body_incomplete", "The body ended early."))?;
                if bytes.len() + chunk.len() > LIMIT {
                    return Err(too_large());
                }
                bytes.extend_from_slice(&chunk);
            }
            facts.set_body_hash(Sha256::digest(&bytes).into());
            Ok(Self { bytes: bytes.freeze(), is_json, shape: PhantomData })
        })
    }
}

fn is_json(request: &HttpRequest) -> bool {
    let value = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = value.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json") || essence.to_ascii_lowercase().ends_with("+json")
}

fn too_large() -> Problem {
    let detail = format!("A JSON body takes at most {} KiB.", LIMIT / 1024);
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail)
}

impl<T: DeserializeOwned> Body<T> {
    /// The body in its shape, not validated.
    fn parse(&self) -> Result<T, Problem> {
        if !self.is_json {
            let detail = "Send JSON, with `Content-Type: application/json`.";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail));
        }
        let value: Value = serde_json::from_slice(&self.bytes).map_err(|error| malformed(&error))?;
        shape(value)
    }
}

fn shape<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    if let Some(pointer) = find_nul(&value) {
        return Err(Problem::invalid_field(pointer, "nul_character", "A text can't have a NUL character."));
    }
    serde_path_to_error::deserialize(value).map_err(|error| misshapen(&error))
}

/// What a form's fields say, as if they had come as JSON: parsed and validated, with the same problems.
pub fn valid_fields<T: DeserializeOwned + Validate>(fields: Value) -> Result<T, Problem> {
    let parsed: T = shape(fields)?;
    parsed.validate().map_err(|errors| Problem::invalid(validation_faults(&errors)))?;
    Ok(parsed)
}

impl<T: DeserializeOwned + Validate> Body<T> {
    /// The body, parsed and validated: 415 for another media type, 400 for what is no JSON, 422 with a pointer for
    /// unknown fields, wrong types and values out of bounds.
    pub fn valid(&self) -> Result<T, Problem> {
        let parsed = self.parse()?;
        parsed.validate().map_err(|errors| Problem::invalid(validation_faults(&errors)))?;
        Ok(parsed)
    }

    /// The same where the body may be left out: then it is the default.
    pub fn valid_or_default(&self) -> Result<T, Problem>
    where
        T: Default,
    {
        if self.bytes.is_empty() { Ok(T::default()) } else { self.valid() }
    }
}

fn malformed(error: &serde_json::Error) -> Problem {
    let detail = match error.classify() {
        Category::Eof => "The body ends in the middle of the JSON.".to_owned(),
        _ => format!("The body is no JSON: see line {}, column {}.", error.line(), error.column()),
    };
    Problem::bad_request("malformed_json", detail)
}

/// What serde says of a wrong type or an unknown field, at its place.
fn misshapen(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    use serde_path_to_error::Segment;
    let mut pointer: String = error
        .path()
        .iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(format!("/{index}")),
            Segment::Map { key } | Segment::Enum { variant: key } => Some(format!("/{}", escape(key))),
            Segment::Unknown => None,
        })
        .collect();
    let message = error.inner().to_string();
    let named = message.split('`').nth(1).unwrap_or_default();
    let (code, detail) = if message.starts_with("unknown field") {
        ("unknown_field", format!("There is no field `{named}` here."))
    } else if message.starts_with("missing field") {
        pointer.push('/');
        pointer.push_str(&escape(named));
        ("required", "It is required.".to_owned())
    } else if message.starts_with("invalid type") || message.starts_with("invalid value") {
        // serde's sentence repeats the value; what was expected is enough, and safe.
        let expected = message.rsplit_once("expected ").map_or("something else", |(_, expected)| expected);
        ("invalid_type", format!("Expected {expected}."))
    } else {
        ("invalid_value", "It has not the form that it takes.".to_owned())
    };
    Problem::invalid_field(pointer, code, detail)
}

/// Tells "absent" from "null" in a PATCH (RFC 7396): `None` was not given, `Some(None)` clears.
/// Use with `#[serde(default, deserialize_with = "kernel::http::given")]`.
pub fn given<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

/// Refuses null in a PATCH for a field that can't be empty: `None` was not given. Without it, null would pass for
/// absent. Use with `#[serde(default, deserialize_with = "kernel::http::not_null")]`.
pub fn not_null<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}
