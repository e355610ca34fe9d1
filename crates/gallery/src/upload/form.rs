//! The form of an upload: its parts in any order, the file streamed to the spool folder.

use std::{io, time::Duration};

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    error::PayloadError,
    http::{
        StatusCode,
        header::{self, HeaderMap},
    },
};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use kernel::{authority::WorkspaceRef, http::has_nul, ids::WorkspaceId, problem::Problem};
use sha2::{Digest, Sha256};
use tokio::time::timeout;

use super::{Spool, Spooled, UploadQuery, file_name};
use crate::{dto::MAX_DESCRIPTION, tags};

/// Parts that a form may have.
const MAX_PARTS: u32 = 16;
/// Bytes of a text part; a description of 2,000 characters has at most 8,000.
const MAX_TEXT: usize = 16 * 1024;
/// Bytes that a body may have besides its file: the texts, the headers of the parts, the boundaries.
const FORM_ROOM: u64 = 512 * 1024;
/// How long a body may make no progress.
const STALLED_AFTER: Duration = Duration::from_secs(30);

/// An upload that was received and not looked at.
#[derive(Debug)]
pub(crate) struct Upload {
    pub(crate) file: Spooled,
    pub(crate) original_name: Option<String>,
    pub(crate) description: String,
    pub(crate) tags: Vec<String>,
    pub(crate) allow_duplicate: bool,
}

impl Upload {
    /// SHA-256 of what was asked for, whatever the order and the boundaries of the form.
    pub(crate) fn fingerprint(&self, workspace: WorkspaceId) -> [u8; 32] {
        let mut hash = Sha256::new_with_prefix(self.file.hash());
        hash.update(workspace.0.as_bytes());
        hash.update([u8::from(self.allow_duplicate)]);
        let name = self.original_name.as_ref();
        for text in name.into_iter().chain([&self.description]).chain(&self.tags) {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text);
        }
        hash.finalize().into()
    }
}

/// A form not yet read, so that nothing is read before it is known who asks.
pub(crate) struct UploadForm {
    headers: HeaderMap,
    query: String,
    payload: Payload,
}

impl FromRequest for UploadForm {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (headers, query) = (request.headers().clone(), request.query_string().to_owned());
        std::future::ready(Ok(Self { headers, query, payload: payload.take() }))
    }
}

impl UploadForm {
    /// A form that came with another module's request.
    pub(crate) fn new(headers: HeaderMap, query: String, payload: Payload) -> Self {
        Self { headers, query, payload }
    }
}

/// What was read of a form so far.
#[derive(Default)]
struct Parts {
    named_workspace: bool,
    description: Option<String>,
    tags: Vec<String>,
    file: Option<(Spooled, Option<String>)>,
}

impl UploadForm {
    /// Reads the form. `decide` answers whether the caller may upload to a workspace; it is asked as soon as the
    /// workspace is known, which is before any byte of the file when that comes last. Where it comes earlier, it is kept
    /// only if `is_possible`: if there is a workspace where the caller may upload. If there is none, whatever is named after
    /// it is refused, and by then nothing was written.
    pub(crate) async fn receive<P>(
        self,
        spool: &Spool,
        is_possible: bool,
        decide: impl AsyncFn(Option<&WorkspaceRef>) -> Result<P, Problem>,
    ) -> Result<(P, Upload), Problem> {
        let query = UploadQuery::parse(&self.query)?;
        let mut permit = match &query.workspace {
            Some(workspace) => Some(decide(Some(workspace)).await?),
            None => None,
        };
        let mut form = self.open(spool.max_bytes())?;
        let mut parts = Parts { named_workspace: permit.is_some(), ..Parts::default() };
        let mut count = 0;
        while let Some(part) = in_time(form.next()).await? {
            count += 1;
            if count > MAX_PARTS {
                return Err(Problem::invalid_field("", "too_many_parts", "A form takes at most 16 parts."));
            }
            let part = part.map_err(malformed)?;
            if part.name() == Some("file") && !parts.named_workspace && !is_possible {
                read_past(part).await?;
                continue;
            }
            if let Some(workspace) = parts.take(part, spool).await? {
                permit = Some(decide(Some(&workspace)).await?);
            }
        }
        let permit = match permit {
            Some(permit) => permit,
            None => decide(None).await?,
        };
        Ok((permit, parts.complete(query.allow_duplicate)?))
    }

    /// Refuses what is announced to be too large, and stops reading where it turns out to be.
    fn open(self, max_bytes: u64) -> Result<Multipart, Problem> {
        let content_type = self.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let essence = content_type.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("multipart/form-data") {
            let detail = "Send a form, with `Content-Type: multipart/form-data`.";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail));
        }
        let announced = self.headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        let limit = max_bytes.saturating_add(FORM_ROOM);
        if announced.is_some_and(|length: u64| length > limit) {
            return Err(too_large(max_bytes));
        }
        Ok(Multipart::new(&self.headers, bounded(self.payload, limit)))
    }
}

impl Parts {
    /// Takes one part; answers the workspace if that is what it names.
    async fn take(&mut self, mut part: Field, spool: &Spool) -> Result<Option<WorkspaceRef>, Problem> {
        let name = part.name().unwrap_or_default().to_owned();
        let is_second = match name.as_str() {
            "workspace" => std::mem::replace(&mut self.named_workspace, true),
            "description" => self.description.is_some(),
            "file" => self.file.is_some(),
            "tags" => false,
            other => {
                let shown: String = other.chars().filter(|c| !c.is_control()).take(64).collect();
                let pointer = format!("/{}", shown.replace('~', "~0").replace('/', "~1"));
                return Err(Problem::invalid_field(pointer, "unknown_field", "An upload has no such field."));
            }
        };
        if is_second {
            return Err(Problem::invalid_field(format!("/{name}"), "duplicate_field", "It was given twice."));
        }
        if name == "file" {
            self.file = Some((receive(&mut part, spool).await?, name_of(&part)));
            return Ok(None);
        }
        let text = text_of(&mut part, &name).await?;
        match name.as_str() {
            "workspace" => {
                let named = text.trim().parse();
                return named
                    .map(Some)
                    .map_err(|sentence: &str| Problem::invalid_field("/workspace", "invalid_value", sentence));
            }
            "description" => self.description = Some(described(text)?),
            _ => self.tags.extend(text.split(',').filter(|tag| !tag.trim().is_empty()).map(str::to_owned)),
        }
        Ok(None)
    }

    fn complete(self, allow_duplicate: bool) -> Result<Upload, Problem> {
        let tags = tags::normalised(&self.tags).map_err(|fault| {
            let (code, sentence) = fault.told();
            Problem::invalid_field("/tags", code, sentence)
        })?;
        let missing = || Problem::invalid_field("/file", "required", "The form has no part `file`.");
        let (file, original_name) = self.file.ok_or_else(missing)?;
        Ok(Upload { file, original_name, description: self.description.unwrap_or_default(), tags, allow_duplicate })
    }
}

/// The name that the client says the file has.
fn name_of(part: &Field) -> Option<String> {
    let told = part.content_disposition()?;
    let extended = told.get_filename_ext().map(|name| String::from_utf8_lossy(&name.value).into_owned());
    file_name::clean(&extended.or_else(|| told.get_filename().map(str::to_owned))?)
}

/// Streams a file to the spool folder.
async fn receive(part: &mut Field, spool: &Spool) -> Result<Spooled, Problem> {
    let mut intake = spool.intake().map_err(|error| Problem::internal(&error))?;
    while let Some(chunk) = in_time(part.next()).await? {
        let written = intake.write(&chunk.map_err(|error| refused(error, spool.max_bytes()))?).await;
        written.map_err(|error| match error.kind() {
            io::ErrorKind::FileTooLarge => too_large(spool.max_bytes()),
            _ => Problem::internal(&error),
        })?;
    }
    intake.finish().await.map_err(|error| Problem::internal(&error))
}

/// Reads a part and keeps nothing of it.
async fn read_past(mut part: Field) -> Result<(), Problem> {
    while let Some(chunk) = in_time(part.next()).await? {
        chunk.map_err(malformed)?;
    }
    Ok(())
}

async fn text_of(part: &mut Field, name: &str) -> Result<String, Problem> {
    let refuse = |code, sentence| Err(Problem::invalid_field(format!("/{name}"), code, sentence));
    let mut bytes = Vec::new();
    while let Some(chunk) = in_time(part.next()).await? {
        bytes.extend_from_slice(&chunk.map_err(malformed)?);
        if bytes.len() > MAX_TEXT {
            return refuse("length", "It is too long.");
        }
    }
    match String::from_utf8(bytes) {
        Ok(text) if has_nul(&text) => refuse("nul_character", "A text can't have a NUL character."),
        Ok(text) => Ok(text),
        Err(_) => refuse("invalid_utf8", "A text is UTF-8."),
    }
}

fn described(text: String) -> Result<String, Problem> {
    if text.chars().count() as u64 > MAX_DESCRIPTION {
        let sentence = format!("It takes at most {MAX_DESCRIPTION} characters.");
        return Err(Problem::invalid_field("/description", "length", sentence));
    }
    Ok(text)
}

/// The payload, cut off where it is larger than any form that is taken, whatever it is made of.
fn bounded(payload: Payload, limit: u64) -> impl Stream<Item = Result<Bytes, PayloadError>> {
    let mut seen = 0;
    payload.map(move |chunk| {
        let chunk = chunk?;
        seen += chunk.len() as u64;
        if seen > limit { Err(PayloadError::Io(io::ErrorKind::FileTooLarge.into())) } else { Ok(chunk) }
    })
}

async fn in_time<T>(step: impl Future<Output = T>) -> Result<T, Problem> {
    timeout(STALLED_AFTER, step).await.map_err(|_| {
        Problem::new(StatusCode::REQUEST_TIMEOUT, "upload_stalled", "Nothing of the body came for 30 seconds.")
    })
}

fn too_large(max_bytes: u64) -> Problem {
    let detail = format!("A file takes at most {max_bytes} bytes.");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "file_too_large", detail).with_member("limit", max_bytes)
}

/// What went wrong while the file was read.
fn refused(error: MultipartError, max_bytes: u64) -> Problem {
    match &error {
        MultipartError::Payload(PayloadError::Io(cause)) if cause.kind() == io::ErrorKind::FileTooLarge => {
            too_large(max_bytes)
        }
        _ => malformed(error),
    }
}

fn malformed(error: MultipartError) -> Problem {
    match error {
        MultipartError::Payload(PayloadError::Io(cause)) if cause.kind() == io::ErrorKind::FileTooLarge => {
            let detail = "The form has too much besides its file.";
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail)
        }
        MultipartError::Incomplete | MultipartError::Payload(_) => {
            Problem::bad_request("body_incomplete", "The body ended early.")
        }
        _ => Problem::bad_request("malformed_multipart", "The body is no form as RFC 7578 describes it."),
    }
}

#[cfg(test)]
mod tests;
