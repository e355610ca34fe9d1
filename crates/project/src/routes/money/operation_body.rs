//! The body of an operation: JSON, or a form with a proof. A proof is small enough to be held in memory.

use std::{pin::Pin, time::Duration};

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::{
        StatusCode,
        header::{self, HeaderMap},
    },
};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use kernel::{
    facts::RequestFacts,
    http::{Body, has_nul, valid_fields},
    problem::Problem,
};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use tokio::time::timeout;

use crate::{dto::NewOperation, service::Proof};

/// Bytes that a proof may have.
const LIMIT: usize = 10 * 1024 * 1024;
/// Bytes of a text part; a description of 2,000 characters has at most 8,000.
const MAX_TEXT: usize = 16 * 1024;
/// Bytes that a form may have besides its proof.
const FORM_ROOM: usize = 128 * 1024;
/// Parts that a form may have.
const MAX_PARTS: usize = 8;
/// Characters of a file's name that are kept.
const MAX_NAME: usize = 255;
/// How long a body may make no progress.
const STALLED_AFTER: Duration = Duration::from_secs(30);

/// A body; of a form nothing is read before it is known who asks.
pub enum OperationBody {
    /// JSON, or what should be.
    Json(Body<NewOperation>),
    /// A form not yet read.
    Form(HeaderMap, Payload),
}

impl std::fmt::Debug for OperationBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OperationBody")
    }
}

impl FromRequest for OperationBody {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let told = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let essence = told.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        if essence.eq_ignore_ascii_case("multipart/form-data") {
            let form = Self::Form(request.headers().clone(), payload.take());
            return Box::pin(std::future::ready(Ok(form)));
        }
        let body = Body::from_request(request, payload);
        Box::pin(async move { Ok(Self::Json(body.await?)) })
    }
}

impl OperationBody {
    /// What is to be recorded, and the file that shows it.
    pub(super) async fn receive(self, facts: &RequestFacts) -> Result<(NewOperation, Option<Proof>), Problem> {
        match self {
            Self::Json(body) => Ok((body.valid()?, None)),
            Self::Form(headers, payload) => from_form(&headers, payload, facts).await,
        }
    }
}

async fn from_form(
    headers: &HeaderMap,
    payload: Payload,
    facts: &RequestFacts,
) -> Result<(NewOperation, Option<Proof>), Problem> {
    let told = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if told.is_some_and(|length| length > LIMIT + FORM_ROOM) {
        return Err(too_large());
    }
    let mut form = Multipart::new(headers, payload);
    let (mut fields, mut proof, mut count) = (Map::new(), None, 0);
    while let Some(part) = in_time(form.next()).await? {
        let mut part = part.map_err(malformed)?;
        count += 1;
        if count > MAX_PARTS {
            return Err(Problem::invalid_field("", "too_many_parts", "A form takes at most 8 parts."));
        }
        let name = part.name().unwrap_or_default().to_owned();
        if fields.contains_key(&name) || (name == "proof" && proof.is_some()) {
            return Err(Problem::invalid_field(format!("/{name}"), "duplicate_field", "It was given twice."));
        }
        if name == "proof" {
            let file_name = name_of(&part);
            let bytes = gathered(&mut part, LIMIT).await?.ok_or_else(too_large)?;
            proof = Some(proven(bytes, file_name)?);
        } else {
            let value = typed(&name, text_of(&mut part, &name).await?);
            fields.insert(name, value);
        }
    }
    facts.set_body_hash(fingerprint(&fields, proof.as_ref()));
    Ok((valid_fields(Value::Object(fields))?, proof))
}

/// SHA-256 of what was asked for, whatever the order and the boundaries of the form.
fn fingerprint(fields: &Map<String, Value>, proof: Option<&Proof>) -> [u8; 32] {
    let mut sorted: Vec<(&String, &Value)> = fields.iter().collect();
    sorted.sort_by_key(|(name, _)| *name);
    let mut hash = Sha256::new_with_prefix(serde_json::to_vec(&sorted).unwrap_or_default());
    if let Some(proof) = proof {
        hash.update(Sha256::digest(&proof.bytes));
        hash.update(proof.name.as_deref().unwrap_or_default());
    }
    hash.finalize().into()
}

/// A form has texts only; a number or a truth stays a text where it is none, and is refused as such.
fn typed(name: &str, text: String) -> Value {
    match name {
        "amount" => text.parse::<i64>().map_or(Value::String(text), Value::from),
        "allow_over_budget" => text.parse::<bool>().map_or(Value::String(text), Value::from),
        _ => Value::String(text),
    }
}

/// A file of a type that is taken, told by its bytes.
fn proven(bytes: Bytes, name: Option<String>) -> Result<Proof, Problem> {
    let media_type = match bytes.as_ref() {
        [b'%', b'P', b'D', b'F', b'-', ..] => "application/pdf",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => "image/png",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
        _ => {
            let detail = "A proof is a PDF, JPEG, PNG or WebP, told by its bytes.";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail));
        }
    };
    Ok(Proof { bytes, media_type, name })
}

/// The name that the client says the file has, without folders and without what can't be shown.
fn name_of(part: &Field) -> Option<String> {
    let told = part.content_disposition()?;
    let extended = told.get_filename_ext().map(|name| String::from_utf8_lossy(&name.value).into_owned());
    let name = extended.or_else(|| told.get_filename().map(str::to_owned))?;
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = name.chars().filter(|c| !c.is_control()).take(MAX_NAME).collect();
    (!name.trim().is_empty()).then_some(name)
}

async fn text_of(part: &mut Field, name: &str) -> Result<String, Problem> {
    let refuse = |code, sentence| Problem::invalid_field(format!("/{name}"), code, sentence);
    let bytes = gathered(part, MAX_TEXT).await?.ok_or_else(|| refuse("length", "It is too long."))?;
    match String::from_utf8(bytes.to_vec()) {
        Ok(text) if has_nul(&text) => Err(refuse("nul_character", "A text can't have a NUL character.")),
        Ok(text) => Ok(text),
        Err(_) => Err(refuse("invalid_utf8", "A text is UTF-8.")),
    }
}

/// Everything of a part; nothing if it is more than the limit.
async fn gathered(part: &mut Field, limit: usize) -> Result<Option<Bytes>, Problem> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = in_time(part.next()).await? {
        let chunk = chunk.map_err(malformed)?;
        if bytes.len() + chunk.len() > limit {
            return Ok(None);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Some(bytes.freeze()))
}

async fn in_time<T>(step: impl Future<Output = T>) -> Result<T, Problem> {
    timeout(STALLED_AFTER, step).await.map_err(|_| {
        let detail = "Nothing of the body came for 30 seconds.";
        Problem::new(StatusCode::REQUEST_TIMEOUT, "upload_stalled", detail)
    })
}

fn too_large() -> Problem {
    let detail = format!("A proof takes at most {LIMIT} bytes.");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "file_too_large", detail).with_member("limit", LIMIT)
}

fn malformed(error: MultipartError) -> Problem {
    match error {
        MultipartError::Incomplete | MultipartError::Payload(_) => {
            Problem::bad_request("body_incomplete", "The body ended early.")
        }
        _ => Problem::bad_request("malformed_multipart", "The body is no form as RFC 7578 describes it."),
    }
}
