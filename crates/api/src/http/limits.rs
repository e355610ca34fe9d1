//! How long requests may take. Where files are taken is read from the API's own description, so that no route is
//! forgotten.

use std::{collections::HashSet, time::Duration};

use actix_web::{
    dev::ServiceRequest,
    http::{Method, header},
};
use utoipa::openapi::{OpenApi, RefOr, path::Operation};

const FORM: &str = "multipart/form-data";

/// How long requests may take.
#[derive(Clone, Debug)]
pub struct Limits {
    request: Duration,
    upload: Duration,
    /// Method and pattern of the routes that take forms with files.
    uploads: HashSet<(Method, String)>,
}

impl Limits {
    /// So long for a request, and so long for one that brings a file to a route which takes some.
    pub fn new(document: &OpenApi, request: Duration, upload: Duration) -> Self {
        let mut uploads = HashSet::new();
        for (path, item) in &document.paths.paths {
            let operations = [(Method::POST, &item.post), (Method::PUT, &item.put), (Method::PATCH, &item.patch)];
            for (method, operation) in operations {
                if operation.as_ref().is_some_and(takes_files) {
                    uploads.insert((method, path.clone()));
                }
            }
        }
        Self { request, upload, uploads }
    }

    /// What this request gets. Neither a header nor an address alone buys the longer time.
    pub(super) fn of(&self, request: &ServiceRequest) -> Duration {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let is_form = kind.get(..FORM.len()).is_some_and(|kind| kind.eq_ignore_ascii_case(FORM));
        let is_upload = is_form
            && request
                .match_pattern()
                .is_some_and(|pattern| self.uploads.contains(&(request.method().clone(), pattern)));
        if is_upload { self.upload } else { self.request }
    }
}

fn takes_files(operation: &Operation) -> bool {
    matches!(&operation.request_body, Some(RefOr::T(body)) if body.content.contains_key(FORM))
}
