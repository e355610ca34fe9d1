//! Which projects to list.

use chrono::{DateTime, Utc};
use kernel::listing::{PersonRef, Search};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which projects to list; every parameter given must hold.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProjectFilter {
    /// Owned by this person, or with them as an active member: an id or a username.
    #[param(value_type = Option<String>)]
    pub developer: Option<PersonRef>,
    /// Owned by this person: an id or a username.
    #[param(value_type = Option<String>)]
    pub owner: Option<PersonRef>,
    /// A part of the name, in any case.
    pub project: Option<String>,
    /// The same as `project`.
    pub name: Option<String>,
    /// Words, each of which is a part of the name, the key or the description, in any case, or is like a word there: of
    /// four letters or more with no digit, some may be wrong. What matches best comes first, unless another order is asked for.
    #[param(value_type = Option<String>, max_length = 200)]
    pub search: Option<Search>,
    /// Only active ones, or only inactive ones.
    pub is_active: Option<bool>,
    /// Only public ones, or only private ones.
    pub is_public: Option<bool>,
    /// Created later than this instant (RFC 3339).
    #[serde(deserialize_with = "kernel::http::dated")]
    pub created_after: Option<DateTime<Utc>>,
}

impl ProjectFilter {
    /// What is searched for, if anything is.
    pub(crate) fn searched(&self) -> Option<&Search> {
        Search::of(self.search.as_ref())
    }
}
