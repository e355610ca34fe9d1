//! The span of a request: method, route and status. The address that was called is not in it: links carry their secrets there.

use actix_web::{
    dev::ServiceRequest,
    http::{Method, StatusCode, header::HeaderMap},
};
use kernel::trace::TARGET;
use opentelemetry::{
    propagation::{Extractor, TextMapPropagator},
    trace::TraceContextExt,
};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::{Span, field::Empty};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::metrics::name_of;

/// The one header of a caller's that is heard: `traceparent` has the form of ids. `tracestate` is whatever the caller likes,
/// and would be passed on.
const PARENT: &str = "traceparent";

struct Parent<'a>(&'a HeaderMap);

impl Extractor for Parent<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        if key == PARENT { self.0.get(key)?.to_str().ok() } else { None }
    }

    fn keys(&self) -> Vec<&str> {
        vec![PARENT]
    }
}

/// A request's span, while it lasts.
#[derive(Debug)]
pub(crate) struct Traced {
    span: Span,
    method: &'static str,
}

impl Traced {
    /// Opens it, below that of the caller if the caller names one. Costs nothing while nobody traces.
    pub fn begin(request: &ServiceRequest) -> Self {
        Self::of(request.method(), request.headers())
    }

    fn of(method: &Method, headers: &HeaderMap) -> Self {
        let method = name_of(method);
        let span = tracing::info_span!(
            target: TARGET,
            "request",
            otel.name = method,
            otel.kind = "server",
            otel.status_code = Empty,
            http.request.method = method,
            http.route = Empty,
            http.response.status_code = Empty,
        );
        if !span.is_disabled() {
            // Refused where nobody made a trace of it.
            let _ = span.set_parent(TraceContextPropagator::new().extract(&Parent(headers)));
        }
        Self { span, method }
    }

    /// What is done for the request is done in it.
    pub fn span(&self) -> Span {
        self.span.clone()
    }

    /// The id of the trace, for the log; none while nobody traces.
    pub fn trace_id(&self) -> Option<String> {
        if self.span.is_disabled() {
            return None;
        }
        let context = self.span.context();
        let span = context.span();
        span.span_context().is_valid().then(|| span.span_context().trace_id().to_string())
    }

    /// Says how it ended. `route` is the template that answered, none where nothing is mounted.
    pub fn end(&self, route: Option<&str>, status: StatusCode) {
        if self.span.is_disabled() {
            return;
        }
        if let Some(route) = route {
            // Not by the field: that names a span only before it began.
            self.span.context().span().update_name(format!("{} {route}", self.method));
            self.span.record("http.route", route);
        }
        self.span.record("http.response.status_code", status.as_u16());
        if status.is_server_error() {
            self.span.record("otel.status_code", "ERROR");
        }
    }
}
