//! The one shape of an error answer: `application/problem+json` (RFC 9457).

use std::{borrow::Cow, fmt};

use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError, http::StatusCode};
use sea_orm::{DbErr, RuntimeErr};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::{
    grant::{Denial, Relation},
    reply::StoredReply,
};

/// One invalid place in a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldFault {
    /// Where in the body: a JSON pointer (RFC 6901), as in `/email`. A query parameter is `?name`.
    pub pointer: String,
    /// A stable word for programs, as in `length`.
    pub code: Cow<'static, str>,
    /// A sentence for people.
    pub detail: String,
}

impl FieldFault {
    /// A fault at `pointer`.
    pub fn new(pointer: impl Into<String>, code: impl Into<Cow<'static, str>>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code: code.into(), detail: detail.into() }
    }
}

/// An error answer (RFC 9457 section 3). Also the error type of every handler. Boxed: errors are rare, and a thin
/// `Result` is moved often.
#[derive(Debug)]
pub struct Problem(Box<Content>);

#[derive(Debug)]
struct Content {
    status: StatusCode,
    code: Cow<'static, str>,
    detail: String,
    errors: Vec<FieldFault>,
    members: Map<String, Value>,
    headers: Vec<(&'static str, String)>,
    /// Not an error at all: the reply that an earlier request with the same idempotency key got.
    replay: Option<StoredReply>,
}

/// The members that every document has.
const MEMBERS: [&str; 7] = ["type", "title", "status", "detail", "code", "request_id", "errors"];

/// The members of the JSON document, for OpenAPI.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDocument<'a> {
    /// `urn:lobby:problem:` and the code.
    #[serde(rename = "type")]
    kind: String,
    /// What the status means, as in "Not Found".
    title: &'a str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What went wrong this time, for people.
    detail: &'a str,
    /// What went wrong, for programs; stable.
    code: &'a str,
    /// The id under which the server's log speaks of this request.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    /// The invalid places, when the request was not valid.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [FieldFault],
    /// Further members, by code.
    #[serde(flatten)]
    #[schema(ignore)]
    members: &'a Map<String, Value>,
}

impl Problem {
    /// A problem of any status. `code` is part of the API: never change one that was published.
    pub fn new(status: StatusCode, code: impl Into<Cow<'static, str>>, detail: impl Into<String>) -> Self {
        Self(Box::new(Content {
            status,
            code: code.into(),
            detail: detail.into(),
            errors: Vec::new(),
            members: Map::new(),
            headers: Vec::new(),
            replay: None,
        }))
    }

    /// 400: not even well-formed.
    pub fn bad_request(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// 401 with the challenge of RFC 6750 section 3.
    pub fn unauthorized(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, code, detail)
            .with_header("WWW-Authenticate", format!("Bearer realm=\"lobby\", error=\"{code}\""))
    }

    /// 403 for a reason other than a missing grant.
    pub fn forbidden(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, detail)
    }

    /// 403: a personal access token will not do for this.
    pub fn token_not_allowed() -> Self {
        Self::forbidden("token_not_allowed", "A personal access token will not do for this: sign in.")
    }

    /// 404: it does not exist, or the caller may not know that it does; the two are told alike.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "There is nothing here that you may see.")
    }

    /// 409: the state of things does not allow it.
    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    /// 412: `If-Match` names another version (RFC 9110 section 13.1.1).
    pub fn precondition_failed() -> Self {
        let detail = "It was changed since the version that If-Match names; nothing was written.";
        Self::new(StatusCode::PRECONDITION_FAILED, "precondition_failed", detail)
    }

    /// 422 with the invalid places.
    pub fn invalid(errors: Vec<FieldFault>) -> Self {
        let detail = match errors.as_slice() {
            [only] => only.detail.clone(),
            many => format!("{} places in the request are not valid.", many.len()),
        };
        let mut problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "validation_failed", detail);
        problem.0.errors = errors;
        problem
    }

    /// 422 with one invalid place.
    pub fn invalid_field(
        pointer: impl Into<String>,
        code: impl Into<Cow<'static, str>>,
        detail: impl Into<String>,
    ) -> Self {
        Self::invalid(vec![FieldFault::new(pointer, code, detail)])
    }

    /// 500. `error` goes to the log and nowhere else.
    pub fn internal(error: &(dyn std::error::Error + 'static)) -> Self {
        let chain = std::iter::successors(error.source(), |cause| cause.source());
        let chain = chain.fold(error.to_string(), |told, cause| format!("{told}: {cause}"));
        tracing::error!(error = %chain, "unexpected error");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something went wrong on our side; it was logged.")
    }

    /// 503 with `Retry-After`.
    pub fn unavailable(code: &'static str, detail: impl Into<String>, retry_after_seconds: u32) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code, detail)
            .with_header("Retry-After", retry_after_seconds.to_string())
    }

    /// 429 with `Retry-After` (RFC 6585 section 4).
    pub fn slow_down(detail: impl Into<String>, retry_after_seconds: u64) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "slow_down", detail)
            .with_header("Retry-After", retry_after_seconds.to_string())
    }

    /// 403 that explains the engine's refusal: `permission`, `held`, `needed`, `relation`, `role`.
    pub fn denied(denial: &Denial) -> Self {
        let Denial { permission, held, needed, relation, role } = denial;
        let whose = role.as_deref().map_or_else(|| "You hold".into(), |role| format!("Your role `{role}` holds"));
        let detail = if held >= needed {
            // The permission admits no grant that reaches this far.
            format!(
                "{whose} `{permission}` with scope `{}`, and it never reaches further; this is not yours.",
                held.as_str()
            )
        } else {
            format!("{whose} `{permission}` with scope `{}`; this needs `{}`.", held.as_str(), needed.as_str())
        };
        Self::forbidden("permission_denied", detail)
            .with_member("permission", *permission)
            .with_member("held", held.as_str())
            .with_member("needed", needed.as_str())
            .with_member("relation", relation.map(Relation::as_str))
            .with_member("role", role.as_deref())
    }

    /// The reply that an earlier request with the same idempotency key got.
    pub fn replay(reply: StoredReply) -> Self {
        let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::OK);
        let mut problem = Self::new(status, "replay", "");
        problem.0.replay = Some(reply);
        problem
    }

    /// Adds an extension member (RFC 9457 section 3.2): none that every problem has.
    #[must_use]
    pub fn with_member(mut self, name: &str, value: impl Into<Value>) -> Self {
        debug_assert!(!MEMBERS.contains(&name), "every problem has `{name}`; the document would have it twice");
        self.0.members.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.headers.push((name, value.into()));
        self
    }

    /// The stable code.
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// The sentence for people.
    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The answer, naming the request when its id is known.
    pub fn respond(&self, request_id: Option<&str>) -> HttpResponse {
        let Content { status, code, detail, errors, members, headers, replay } = self.0.as_ref();
        if let Some(reply) = replay {
            return reply.respond();
        }
        let mut builder = HttpResponseBuilder::new(*status);
        for (name, value) in headers {
            builder.insert_header((*name, value.as_str()));
        }
        let document = ProblemDocument {
            kind: format!("urn:lobby:problem:{code}"),
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail,
            code,
            request_id,
            errors,
            members,
        };
        builder.content_type("application/problem+json");
        builder.body(serde_json::to_string(&document).unwrap_or_default())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0.status.as_u16(), self.0.code)
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.0.status
    }

    fn error_response(&self) -> HttpResponse {
        self.respond(None)
    }
}

impl From<DbErr> for Problem {
    /// An unreachable database is 503; everything else that a query can fail with is a fault of ours.
    fn from(error: DbErr) -> Self {
        if is_outage(&error) {
            tracing::warn!(%error, "database not reachable");
            return Self::unavailable("database_unavailable", "The database is not reachable; try again shortly.", 1);
        }
        if is_cut_off(&error) {
            tracing::warn!("a statement took too long");
            return Self::unavailable("took_too_long", "The database took too long; try again, or ask for less.", 5);
        }
        Self::internal(&error)
    }
}

/// Whether the database gave a statement up because it took too long (`statement_timeout`, `lock_timeout`).
fn is_cut_off(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) = error else {
        return false;
    };
    matches!(cause.as_ref(), sqlx::Error::Database(error) if matches!(error.code().as_deref(), Some("57014" | "55P03")))
}

/// Whether the database is away, rather than displeased with a statement.
fn is_outage(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
            match cause.as_ref() {
                sqlx::Error::Io(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed
                | sqlx::Error::Protocol(_) => true,
                // Class 57: operator intervention, as in "the database system is shutting down"; 08: connection.
                sqlx::Error::Database(error) => {
                    error.code().is_some_and(|code| code.starts_with("57P") || code.starts_with("08"))
                }
                _ => false,
            }
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;

    use super::*;
    use crate::grant::Scope;

    #[actix_web::test]
    async fn a_denial_explains_itself() {
        let denial = Denial {
            permission: "can_edit_projects",
            held: Scope::Own,
            needed: Scope::Any,
            relation: Some(Relation::Other),
            role: Some("developer".into()),
        };
        let response = Problem::denied(&denial).respond(Some("r-1"));
        assert_eq!(response.status(), StatusCode::FORBIDDEN);
        let body: Value = serde_json::from_slice(&to_bytes(response.into_body()).await.unwrap()).unwrap();
        assert_eq!(body["code"], "permission_denied");
        assert_eq!(body["held"], "own");
        assert_eq!(body["needed"], "any");
        assert_eq!(body["role"], "developer");
        assert_eq!(body["request_id"], "r-1");
    }

    #[test]
    fn an_unreachable_database_is_503_and_a_broken_statement_500() {
        let away = DbErr::ConnectionAcquire(sea_orm::ConnAcquireErr::Timeout);
        assert_eq!(Problem::from(away).status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(Problem::from(DbErr::Custom("x".into())).status(), StatusCode::INTERNAL_SERVER_ERROR);
    }
}
