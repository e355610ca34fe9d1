//! The query of a list: every list's own parameters (`workspace`, `limit`, `cursor`, `sort`, `count`) and a filter.

use std::pin::Pin;

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::{Serialize, de::DeserializeOwned};

use super::fields::has_nul;
use crate::{
    authority::WorkspaceRef,
    guard::Gate,
    page::{CursorSeal, Page},
    problem::Problem,
};

/// Rows on a page when the client doesn't say.
const DEFAULT_LIMIT: u64 = 50;
/// Rows on a page at most.
const MAX_LIMIT: u64 = 200;

/// Where in which order a list is read, and filtered by what.
///
/// As an extractor of its own (`Paging<F>`) it serves lists below a resource, which are guarded by that resource and
/// sorted one way only; for lists of resources it comes inside [`Scoped`](crate::guard::Scoped).
#[derive(Debug)]
pub struct Paging<F> {
    limit: u64,
    sort: String,
    cursor: Option<String>,
    count: bool,
    filter: F,
    seal: CursorSeal,
    /// What a cursor is good for: this path and sort.
    context: String,
}

impl<F: DeserializeOwned + 'static> FromRequest for Paging<F> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        const SORTS: &[&str] = &["created_at"];
        let paging =
            Gate::of(request).and_then(|gate| Self::of_list(request, gate.seal().clone(), SORTS, |_| SORTS[0]));
        let paging = paging.and_then(|(paging, workspace)| match workspace {
            None => Ok(paging),
            Some(_) => Err(unknown_parameter("workspace")),
        });
        Box::pin(std::future::ready(paging))
    }
}

impl<F: DeserializeOwned> Paging<F> {
    pub(crate) fn of_list(
        request: &HttpRequest,
        seal: CursorSeal,
        sorts: &'static [&'static str],
        default_sort: impl FnOnce(&F) -> &'static str,
    ) -> Result<(Self, Option<WorkspaceRef>), Problem> {
        let mut common = Common::default();
        let mut own = Vec::new();
        for (name, value) in parameters(request)? {
            if !common.take(&name, &value, sorts)? {
                own.push((name, value));
            }
        }
        let filter = parse_filter(&own)?;
        let sort = common.sort.unwrap_or_else(|| default_sort(&filter).to_owned());
        let context = format!("{} {sort}", request.path());
        let paging = Self {
            limit: common.limit.unwrap_or(DEFAULT_LIMIT),
            sort,
            cursor: common.cursor,
            count: common.count,
            filter,
            seal,
            context,
        };
        Ok((paging, common.workspace))
    }
}

#[derive(Default)]
struct Common {
    workspace: Option<WorkspaceRef>,
    limit: Option<u64>,
    cursor: Option<String>,
    sort: Option<String>,
    count: bool,
}

impl Common {
    /// Takes a parameter that is every list's; answers whether it was one.
    fn take(&mut self, name: &str, value: &str, sorts: &[&str]) -> Result<bool, Problem> {
        let refuse = |code, detail: String| Err(Problem::invalid_field(format!("?{name}"), code, detail));
        match name {
            "workspace" => match value.parse() {
                Ok(reference) => self.workspace = Some(reference),
                Err(_) => return refuse("invalid_value", "A workspace is named by its id or its slug.".to_owned()),
            },
            "limit" => match value.parse() {
                Ok(limit @ 1..=MAX_LIMIT) => self.limit = Some(limit),
                _ => return refuse("range", format!("It takes a number from 1 to {MAX_LIMIT}.")),
            },
            "cursor" => self.cursor = Some(value.to_owned()),
            "sort" => {
                if !sorts.contains(&value) {
                    return refuse("invalid_value", format!("It takes one of: {}.", sorts.join(", ")));
                }
                self.sort = Some(value.to_owned());
            }
            "count" => match value.parse() {
                Ok(count) => self.count = count,
                Err(_) => return refuse("invalid_value", "It takes true or false.".to_owned()),
            },
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// The parameters of a request's query, in its order.
pub(super) fn parameters(request: &HttpRequest) -> Result<Vec<(String, String)>, Problem> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(request.query_string())
        .map_err(|_| Problem::bad_request("malformed_query", "The query is not URL-encoded UTF-8."))?;
    match pairs.iter().find(|(_, value)| has_nul(value)) {
        Some((name, _)) => {
            let detail = "A parameter can't have a NUL character.";
            Err(Problem::invalid_field(format!("?{name}"), "nul_character", detail))
        }
        None => Ok(pairs),
    }
}

pub(super) fn parse_filter<F: DeserializeOwned>(pairs: &[(String, String)]) -> Result<F, Problem> {
    let encoded = serde_urlencoded::to_string(pairs).map_err(|error| Problem::internal(&error))?;
    serde_urlencoded::from_str(&encoded).map_err(|error| {
        let message = error.to_string();
        let named = message.split('`').nth(1).unwrap_or_default();
        if message.starts_with("unknown field") {
            return unknown_parameter(named);
        }
        let culprit = pairs.iter().find(|pair| {
            let alone = serde_urlencoded::to_string([pair]).unwrap_or_default();
            serde_urlencoded::from_str::<F>(&alone).is_err_and(|error| !error.to_string().starts_with("missing"))
        });
        let name = culprit.map_or(named, |(name, _)| name.as_str());
        Problem::invalid_field(format!("?{name}"), "invalid_value", "It has not the form that it takes.")
    })
}

fn unknown_parameter(name: &str) -> Problem {
    Problem::invalid_field(format!("?{name}"), "unknown_parameter", format!("There is no parameter `{name}` here."))
}

impl<F> Paging<F> {
    /// Rows per page, 1–200. Ask the store for one more: that is how [`Paging::page`] knows of a next page.
    pub fn limit(&self) -> u64 {
        self.limit
    }

    /// The sort, one of those that the list admits.
    pub fn sort(&self) -> &str {
        &self.sort
    }

    /// Whether a count was asked for.
    pub fn wants_count(&self) -> bool {
        self.count
    }

    /// The list's own parameters.
    pub fn filter(&self) -> &F {
        &self.filter
    }

    /// The sort key of the last row of the page before; 422 if the cursor is none of this list's.
    pub fn after<K: DeserializeOwned>(&self) -> Result<Option<K>, Problem> {
        self.cursor.as_deref().map(|cursor| self.seal.open(&self.context, cursor)).transpose()
    }

    /// A page of `rows`, of which there are up to `limit + 1`; `key` tells a row's sort key.
    pub fn page<T, K: Serialize>(&self, mut rows: Vec<T>, key: impl Fn(&T) -> K) -> Result<Page<T>, Problem> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = match rows.last() {
            Some(last) if more => Some(self.seal.seal(&self.context, &key(last))?),
            _ => None,
        };
        Ok(Page { items: rows, next, count: None })
    }
}
