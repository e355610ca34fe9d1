//! Numbers for whoever watches the installation, as Prometheus reads them: on a listener of their own, never on the public one.

mod caches;
mod exporter;
mod requests;
mod text;

pub(crate) use caches::Caches;
pub(crate) use exporter::{Exporter, Sources};
pub use requests::Requests;
pub(crate) use requests::name_of;
