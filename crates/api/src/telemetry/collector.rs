//! The calls to the collector: through the program's HTTP client, on its runtime, each with an end.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use reqwest::header::HeaderMap;
use tokio::runtime::Handle;

/// How much of an answer is read: it says next to nothing.
const ANSWER: usize = 64 * 1024;

/// The collector, as it is called.
#[derive(Clone, Debug)]
pub(super) struct Collector {
    client: reqwest::Client,
    runtime: Handle,
    /// Whether the last call failed: said once, and not for each batch.
    away: Arc<AtomicBool>,
}

impl Collector {
    pub(super) fn new(headers: HeaderMap, call: Duration) -> reqwest::Result<Self> {
        let builder = reqwest::Client::builder().default_headers(headers).connect_timeout(call).timeout(call);
        let client = builder.redirect(reqwest::redirect::Policy::none()).build()?;
        Ok(Self { client, runtime: Handle::current(), away: Arc::default() })
    }

    async fn call(self, request: reqwest::Request) -> reqwest::Result<Response<Bytes>> {
        let mut answer = self.client.execute(request).await?.error_for_status()?;
        let mut read = 0;
        while let Some(chunk) = answer.chunk().await? {
            read += chunk.len();
            if read > ANSWER {
                break;
            }
        }
        let mut told = Response::new(Bytes::new());
        *told.status_mut() = answer.status();
        Ok(told)
    }

    fn learn(&self, outcome: &Result<Response<Bytes>, HttpError>) {
        let is_away = outcome.is_err();
        let was_away = self.away.swap(is_away, Ordering::Relaxed);
        match outcome {
            Err(error) if !was_away => {
                tracing::warn!(%error, "traces can't be delivered; they are dropped until they can");
            }
            Ok(_) if was_away => tracing::info!("traces are delivered again"),
            _ => {}
        }
    }
}

#[async_trait::async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let request = reqwest::Request::try_from(request)?;
        // The thread that asks has no runtime of its own.
        let outcome = match self.runtime.spawn(self.clone().call(request)).await {
            Ok(called) => called.map_err(Into::into),
            Err(ended) => Err(ended.into()),
        };
        self.learn(&outcome);
        outcome
    }
}
