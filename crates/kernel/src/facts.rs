//! What is worth knowing of a request besides its body: read once, shared by the guard, the body and the reply.

use std::{
    net::IpAddr,
    sync::{Arc, OnceLock},
};

use actix_web::{HttpMessage, HttpRequest, http::header, web::Data};

use crate::{problem::Problem, proxies::TrustedProxies};

/// Facts of one request.
#[derive(Debug)]
pub struct RequestFacts {
    /// The method, as in `POST`.
    pub method: String,
    /// The path without the query.
    pub path: String,
    /// `If-Match`, verbatim (RFC 9110 section 13.1.1).
    pub if_match: Option<String>,
    /// `Idempotency-Key`, verbatim.
    pub idempotency_key: Option<String>,
    /// The client's address: the peer, or what a trusted proxy says it is.
    pub address: Option<String>,
    /// The same, for reckoning.
    pub client: Option<IpAddr>,
    /// `User-Agent`, at most 256 characters of it.
    pub user_agent: Option<String>,
    /// SHA-256 of the body, once it was read.
    body_hash: OnceLock<[u8; 32]>,
}

impl RequestFacts {
    /// The facts of `request`, gathered on first use.
    pub fn of(request: &HttpRequest) -> Arc<Self> {
        if let Some(facts) = request.extensions().get::<Arc<Self>>() {
            return Arc::clone(facts);
        }
        let facts = Arc::new(Self::gather(request));
        request.extensions_mut().insert(Arc::clone(&facts));
        facts
    }

    fn gather(request: &HttpRequest) -> Self {
        let text = |name: header::HeaderName| Some(request.headers().get(name)?.to_str().ok()?.to_owned());
        let client = match (request.peer_addr(), request.app_data::<Data<TrustedProxies>>()) {
            (Some(peer), Some(proxies)) => Some(proxies.client(peer.ip(), request.headers())),
            (Some(peer), None) => Some(peer.ip().to_canonical()),
            (None, Some(proxies)) => proxies.client_behind_unix_socket(request.headers()),
            (None, None) => None,
        };
        Self {
            method: request.method().to_string(),
            path: request.path().to_owned(),
            if_match: text(header::IF_MATCH),
            idempotency_key: text(header::HeaderName::from_static("idempotency-key")),
            address: client.map(|address| address.to_string()),
            client,
            user_agent: text(header::USER_AGENT).map(|agent| agent.chars().take(256).collect()),
            body_hash: OnceLock::new(),
        }
    }

    /// Records the body's SHA-256. The first caller wins.
    pub fn set_body_hash(&self, hash: [u8; 32]) {
        let _ = self.body_hash.set(hash);
    }

    pub(crate) fn body_hash(&self) -> [u8; 32] {
        self.body_hash.get().copied().unwrap_or_default()
    }

    /// 412 if the request has an `If-Match` that is not `etag`.
    pub fn check_if_match(&self, etag: &str) -> Result<(), Problem> {
        match &self.if_match {
            Some(wanted) if wanted != "*" && !wanted.split(',').any(|tag| tag.trim() == etag) => {
                Err(Problem::precondition_failed())
            }
            _ => Ok(()),
        }
    }
}
