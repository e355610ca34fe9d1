//! The log: structured, pretty on a terminal, JSON otherwise. And, where there is a collector, the traces beside it.

use std::io::{self, IsTerminal};

use tracing::{Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{
    Layer, filter::Targets, fmt, layer::SubscriberExt, registry::LookupSpan, util::SubscriberInitExt,
};

use crate::{
    settings::{LogFormat, LogSettings, Settings},
    telemetry::Telemetry,
};

/// Starts logging and, if there is a collector, sending traces, which is to be ended. A second call changes nothing.
pub fn init(settings: &Settings) -> anyhow::Result<Option<Telemetry>> {
    let log = &settings.log;
    // The configuration check has parsed the directives before.
    let filter: Targets = log.level.parse().unwrap_or_else(|_| Targets::new().with_default(tracing::Level::INFO));
    // Spans of traces are no part of the log.
    let filter = filter.with_target(kernel::trace::TARGET, LevelFilter::OFF);
    let telemetry = Telemetry::start(&settings.telemetry)?;
    let registry = tracing_subscriber::registry();
    let _ = match &telemetry {
        None => registry.with(filter).with(lines(log)).try_init(),
        // Each by its own filter: a log of warnings alone has no say in what is traced.
        Some(telemetry) => registry.with(lines(log).with_filter(filter)).with(telemetry.layer()).try_init(),
    };
    Ok(telemetry)
}

fn lines<S>(settings: &LogSettings) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    let pretty = match settings.format {
        LogFormat::Pretty => true,
        LogFormat::Json => false,
        LogFormat::Auto => io::stderr().is_terminal(),
    };
    let lines = fmt::layer().with_writer(io::stderr);
    if pretty { lines.with_target(false).boxed() } else { lines.json().flatten_event(true).boxed() }
}
