//! Which workshops to list.

use kernel::listing::{PersonRef, Search};
use serde::Deserialize;
use utoipa::IntoParams;

use super::Status;

/// Which workshops to list; every parameter given must hold.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WorkshopFilter {
    /// Only one's favourites, or only the others.
    pub favorite: Option<bool>,
    /// Only those that are neither over nor cancelled, or only the others.
    pub upcoming: Option<bool>,
    /// Only those for which one is registered, or only the others.
    pub registered: Option<bool>,
    /// Made by this person: an id or a username.
    #[param(value_type = Option<String>)]
    pub creator: Option<PersonRef>,
    /// Words, each of which is a part of the title, the location or the description, in any case, or is like a word
    /// there: of four letters or more with no digit, some may be wrong. What matches best comes first, unless another
    /// order is asked for.
    #[param(value_type = Option<String>, max_length = 200)]
    pub search: Option<Search>,
    /// How far they are.
    pub status: Option<Status>,
}

impl WorkshopFilter {
    /// What is searched for, if anything is.
    pub(crate) fn searched(&self) -> Option<&Search> {
        Search::of(self.search.as_ref())
    }
}
