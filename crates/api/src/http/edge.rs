//! The edge: request ids, time limits, security headers, and one shape for every error, also those of the framework.

use std::time::Instant;

use actix_web::{
    Error, HttpRequest, HttpResponse, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::{
        StatusCode,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web,
};
use kernel::problem::Problem;
use tracing::Instrument;
use uuid::Uuid;

use super::limits::Limits;
use crate::{metrics::Requests, telemetry::Traced};

/// The header that carries a request's id, both ways.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The middleware around every handler.
pub async fn edge(
    limits: web::Data<Limits>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let began = Instant::now();
    let request_id = request_id(&request);
    tracing::Span::current().record("request_id", request_id.as_str());
    let (method, path) = (request.method().clone(), request.path().to_owned());
    let counted = request.app_data::<web::Data<Requests>>().cloned();
    let traced = Traced::begin(&request);
    let limit = limits.of(&request);

    // The request itself may not be kept beside: routing needs to own it. So what fails before there is a response that
    // carries it goes on as an error, which the server turns into just this answer.
    let outcome = match tokio::time::timeout(limit, next.call(request).instrument(traced.span())).await {
        Ok(Ok(response)) => Ok(settle(response, &request_id)),
        Ok(Err(error)) => Err(error_response(&error, &request_id)),
        Err(_) => {
            let detail = format!("It took more than {} seconds.", limit.as_secs());
            Err(Problem::unavailable("request_timeout", detail, 1).respond(Some(&request_id)))
        }
    };
    let status = outcome.as_ref().map_or_else(HttpResponse::status, ServiceResponse::status);
    let route = outcome.as_ref().ok().and_then(|response| response.request().match_pattern());
    traced.end(route.as_deref(), status);
    if let Some(requests) = counted {
        requests.count(&method, route, status, began.elapsed());
    }
    tracing::info!(
        request_id,
        trace_id = traced.trace_id(),
        %method,
        path,
        status = status.as_u16(),
        milliseconds = milliseconds(began),
        "request"
    );
    match outcome {
        Ok(mut response) => {
            add_headers(response.headers_mut(), &request_id);
            Ok(response)
        }
        Err(mut response) => {
            add_headers(response.headers_mut(), &request_id);
            Err(InternalError::from_response("answered at the edge", response).into())
        }
    }
}

/// For the log: as a number of 64 bits, which JSON has, and not of 128, which the log writes as a text.
pub fn milliseconds(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// The client's own id if it is a sane one, else a new one.
fn request_id(request: &ServiceRequest) -> String {
    let given = request.headers().get(&REQUEST_ID).and_then(|value| value.to_str().ok());
    let sane = |id: &&str| {
        (1..=128).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte))
    };
    given.filter(sane).map_or_else(|| Uuid::now_v7().to_string(), str::to_owned)
}

fn settle<B: MessageBody + 'static>(response: ServiceResponse<B>, request_id: &str) -> ServiceResponse<BoxBody> {
    match response.response().error().map(|error| error_response(error, request_id)) {
        Some(problem) => response.into_response(problem),
        None => response.map_into_boxed_body(),
    }
}

/// An error in our shape: ours as it is, the framework's by its status.
fn error_response(error: &Error, request_id: &str) -> HttpResponse {
    if let Some(problem) = error.as_error::<Problem>() {
        return problem.respond(Some(request_id));
    }
    let status = error.as_response_error().status_code();
    let problem = match status {
        StatusCode::INTERNAL_SERVER_ERROR => {
            tracing::error!(%error, "unexpected error");
            Problem::new(status, "internal", "Something went wrong on our side; it was logged.")
        }
        status => Problem::new(status, "bad_request", "The request could not be read."),
    };
    problem.respond(Some(request_id))
}

fn add_headers(headers: &mut HeaderMap, request_id: &str) {
    if let Ok(value) = HeaderValue::from_str(request_id) {
        headers.insert(REQUEST_ID, value);
    }
    let defaults = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        // What has a tag may be kept, and asked about; the rest is gone with the answer.
        (header::CACHE_CONTROL, if headers.contains_key(header::ETAG) { "private, no-cache" } else { "no-store" }),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in defaults {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}

/// What every address without a route answers.
pub async fn not_found(request: HttpRequest) -> HttpResponse {
    let detail = format!("There is no `{}` here; /api/docs lists what there is.", request.path());
    Problem::new(StatusCode::NOT_FOUND, "no_such_route", detail).error_response()
}
