//! Traces of requests, sent to a collector over OTLP. What is sent is bounded by type: spans of one target, whose fields are
//! written out where they are opened; no log line, no other crate's span, no header.
//!
//! Spans wait in a queue of bounded length for a thread of their own; when that is full they are dropped. No request waits for it.

mod collector;
mod request;

pub(crate) use request::Traced;

use std::time::Duration;

use anyhow::Context;
use collector::Collector;
use kernel::trace::TARGET;
use opentelemetry::{KeyValue, trace::TracerProvider};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    trace::{BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracerProvider},
};
use tracing::{Level, Subscriber};
use tracing_subscriber::{Layer, filter::Targets, registry::LookupSpan};
use uuid::Uuid;

use crate::settings::TelemetrySettings;

/// Spans that may wait to be sent; more are dropped.
const QUEUE: usize = 4096;
/// Spans that are sent together.
const BATCH: usize = 512;
/// How long they are gathered.
const GATHERED: Duration = Duration::from_secs(1);
/// How long the collector may take for a batch.
const CALL: Duration = Duration::from_secs(5);
/// How long the last batches may take when the program ends.
const LAST: Duration = Duration::from_secs(3);

/// Sends traces until it is ended.
#[derive(Debug)]
pub struct Telemetry(SdkTracerProvider);

impl Telemetry {
    /// Starts sending, if there is a collector. To be called within the runtime that is to make the calls.
    pub fn start(settings: &TelemetrySettings) -> anyhow::Result<Option<Self>> {
        let Some(traces) = settings.traces() else { return Ok(None) };
        let headers = settings.header_map().context("telemetry.headers can't be read")?;
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Collector::new(headers, CALL)?)
            .with_endpoint(traces)
            .with_protocol(Protocol::HttpBinary)
            .with_timeout(CALL)
            .build()?;
        let queue = BatchConfigBuilder::default()
            .with_max_queue_size(QUEUE)
            .with_max_export_batch_size(BATCH)
            .with_scheduled_delay(GATHERED)
            .build();
        let service = [
            KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
            KeyValue::new("service.instance.id", Uuid::new_v4().to_string()),
        ];
        let provider = SdkTracerProvider::builder()
            .with_span_processor(BatchSpanProcessor::builder(exporter).with_batch_config(queue).build())
            // By the trace's id alone: a caller can't have more sent by asking for it.
            .with_sampler(Sampler::TraceIdRatioBased(settings.sample))
            .with_resource(Resource::builder().with_service_name("lobby").with_attributes(service).build())
            .build();
        Ok(Some(Self(provider)))
    }

    /// What turns spans of the one target, and nothing else, into spans of traces.
    pub fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("lobby"))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_target(false)
            .with_level(false)
            .with_filter(Targets::new().with_target(TARGET, Level::INFO))
    }

    /// Sends what waits, for as long as that may take; blocks.
    pub fn end(self) {
        if let Err(error) = self.0.shutdown_with_timeout(LAST) {
            tracing::warn!(%error, "the last traces were not delivered");
        }
    }
}
