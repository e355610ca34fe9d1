//! The log: structured, pretty on a terminal, JSON otherwise.

use std::io::{self, IsTerminal};

use tracing_subscriber::{filter::Targets, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::settings::{LogFormat, LogSettings};

/// Starts logging. A second call changes nothing.
pub fn init(settings: &LogSettings) {
    // The configuration check has parsed the directives before.
    let filter: Targets = settings.level.parse().unwrap_or_else(|_| Targets::new().with_default(tracing::Level::INFO));
    let pretty = match settings.format {
        LogFormat::Pretty => true,
        LogFormat::Json => false,
        LogFormat::Auto => io::stderr().is_terminal(),
    };
    let registry = tracing_subscriber::registry().with(filter);
    let _ = if pretty {
        registry.with(fmt::layer().with_writer(io::stderr).with_target(false)).try_init()
    } else {
        registry.with(fmt::layer().with_writer(io::stderr).json().flatten_event(true)).try_init()
    };
}
