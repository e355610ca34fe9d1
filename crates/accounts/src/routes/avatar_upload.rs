//! The body of an avatar's upload: a picture as it is, or a form with one. Small enough to be held in memory.

use std::time::Duration;

use actix_multipart::{Multipart, MultipartError};
use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::{
        StatusCode,
        header::{self, HeaderMap},
    },
};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use kernel::problem::Problem;
use tokio::time::timeout;

/// Bytes that a picture may have.
const LIMIT: usize = 5 * 1024 * 1024;
/// Bytes that a form may have besides it: the headers of the parts, the boundaries.
const FORM_ROOM: usize = 16 * 1024;
/// How long a body may make no progress.
const STALLED_AFTER: Duration = Duration::from_secs(30);

/// A body not yet read, so that nothing is read before it is known who asks.
pub struct AvatarUpload {
    headers: HeaderMap,
    payload: Payload,
}

impl std::fmt::Debug for AvatarUpload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AvatarUpload")
    }
}

impl FromRequest for AvatarUpload {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        std::future::ready(Ok(Self { headers: request.headers().clone(), payload: payload.take() }))
    }
}

impl AvatarUpload {
    /// The picture's bytes, not looked at.
    pub(super) async fn receive(self) -> Result<Bytes, Problem> {
        let told = |name| self.headers.get(name).and_then(|value| value.to_str().ok());
        let essence = told(header::CONTENT_TYPE).and_then(|value| value.split(';').next()).unwrap_or_default().trim();
        let essence = essence.to_ascii_lowercase();
        let is_form = essence == "multipart/form-data";
        if !is_form && !essence.starts_with("image/") && essence != "application/octet-stream" {
            let detail = "Send a picture as it is, with its `Content-Type`, or a form with a part `file`.";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail));
        }
        let room = if is_form { FORM_ROOM } else { 0 };
        if told(header::CONTENT_LENGTH)
            .and_then(|length| length.parse().ok())
            .is_some_and(|length: usize| length > LIMIT + room)
        {
            return Err(too_large());
        }
        let bytes = if is_form {
            from_form(Multipart::new(&self.headers, self.payload)).await?
        } else {
            gathered(self.payload.map(|chunk| chunk.map_err(|_| incomplete()))).await?
        };
        if bytes.is_empty() {
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "file_empty", "The picture has no byte in it."));
        }
        Ok(bytes)
    }
}

async fn from_form(mut form: Multipart) -> Result<Bytes, Problem> {
    let mut file = None;
    while let Some(part) = in_time(form.next()).await? {
        let part = part.map_err(malformed)?;
        if part.name() != Some("file") {
            return Err(Problem::invalid_field("", "unknown_field", "The form takes one part, `file`."));
        }
        if file.is_some() {
            return Err(Problem::invalid_field("/file", "duplicate_field", "It was given twice."));
        }
        file = Some(gathered(part.map(|chunk| chunk.map_err(malformed))).await?);
    }
    file.ok_or_else(|| Problem::invalid_field("/file", "required", "The form has no part `file`."))
}

/// Everything of a stream, unless it is too much.
async fn gathered(stream: impl Stream<Item = Result<Bytes, Problem>>) -> Result<Bytes, Problem> {
    let mut stream = std::pin::pin!(stream);
    let mut bytes = BytesMut::new();
    while let Some(chunk) = in_time(stream.next()).await? {
        let chunk = chunk?;
        if bytes.len() + chunk.len() > LIMIT {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

async fn in_time<T>(step: impl Future<Output = T>) -> Result<T, Problem> {
    timeout(STALLED_AFTER, step).await.map_err(|_| {
        let detail = "Nothing of the body came for 30 seconds.";
        Problem::new(StatusCode::REQUEST_TIMEOUT, "upload_stalled", detail)
    })
}

fn too_large() -> Problem {
    let detail = format!("A picture takes at most {LIMIT} bytes.");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "file_too_large", detail).with_member("limit", LIMIT)
}

fn incomplete() -> Problem {
    Problem::bad_request("body_incomplete", "The body ended early.")
}

fn malformed(error: MultipartError) -> Problem {
    match error {
        MultipartError::Incomplete | MultipartError::Payload(_) => incomplete(),
        _ => Problem::bad_request("malformed_multipart", "The body is no form as RFC 7578 describes it."),
    }
}
