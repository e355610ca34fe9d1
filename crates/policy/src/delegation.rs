//! Who may hand out which role: nobody can give what they don't hold.

use kernel::{authority::Grants, grant::Scope};
use thiserror::Error;

use crate::role::CompiledRole;

/// By what right somebody creates, edits, assigns or invites with a role.
#[derive(Clone, Copy, Debug)]
pub enum Mandate<'a> {
    /// They hold the role that the workspace keeps for its owner: all authority in it comes from there.
    ///
    /// Such a role may do without something itself that others need (`"*": true, "can_like_images": false`: an
    /// administrator doesn't take part). By its grants alone its holders could then invite nobody who takes part.
    Owner,
    /// They hold this, and may pass it on: a role, or what a [bound](crate::Ceiling) leaves of one.
    Role(&'a dyn Grants),
}

impl Mandate<'_> {
    /// Whether the mandate extends to handing out `role`.
    ///
    /// # Errors
    ///
    /// All that it doesn't extend to, as [`CompiledRole::covers`] says.
    pub fn covers(self, role: &CompiledRole) -> Result<(), Vec<Uncovered>> {
        match self {
            Self::Owner => Ok(()),
            Self::Role(held) => covers(held, role),
        }
    }
}

/// Something that a role has beyond another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Uncovered {
    /// It grants a permission further.
    #[error("{permission} is granted at {}, held at {}", needed.as_str(), held.as_str())]
    Permission {
        /// The permission's key.
        permission: &'static str,
        /// How far the other grants it.
        held: Scope,
        /// How far it grants it.
        needed: Scope,
    },
    /// It has the wildcard, and so grants what will be declared later.
    #[error("it grants everything that is declared later, too")]
    Wildcard,
    /// It may have more of something.
    #[error("{limit} is held at {held}, given at {}", needed.map_or_else(|| "no bound".to_owned(), |value| value.to_string()))]
    Limit {
        /// The limit's key.
        limit: &'static str,
        /// The other's bound.
        held: i64,
        /// Its own bound; `None` where it has none.
        needed: Option<i64>,
    },
}

impl CompiledRole {
    /// Whether this role has at least what `other` has, so that its holders may hand `other` out. A partial order.
    ///
    /// - Of each permission at least the same scope.
    /// - The wildcard, if `other` has it. To grant one by one all that is declared today isn't enough: the next release
    ///   would make `other` the wider one with nobody having said so.
    /// - No bound that `other` lacks or exceeds, even if nothing else that `other` grants would use it up today:
    ///   a grant that does may be added to `other` later, by someone who sees only that grant.
    ///
    /// Holders of the workspace's owner role don't depend on this: see [`Mandate::Owner`].
    ///
    /// # Errors
    ///
    /// All that `other` has beyond this role.
    pub fn covers(&self, other: &Self) -> Result<(), Vec<Uncovered>> {
        covers(self, other)
    }
}

/// [`CompiledRole::covers`], for whatever somebody holds.
fn covers(held: &dyn Grants, other: &CompiledRole) -> Result<(), Vec<Uncovered>> {
    let wildcard = (other.has_wildcard() && !held.is_open_ended()).then_some(Uncovered::Wildcard);
    let permissions = other.grants().filter_map(|grant| {
        let (permission, needed) = (grant.permission.key, grant.scope);
        let held = held.scope(grant.permission);
        (held < needed).then_some(Uncovered::Permission { permission, held, needed })
    });
    let mut known: Vec<_> = other.known_limits().collect();
    known.sort_by_key(|limit| limit.key);
    let limits = known.into_iter().filter_map(|limit| {
        let (held, needed) = (held.limit(limit)?, other.limit(limit));
        needed.is_none_or(|needed| needed > held).then_some(Uncovered::Limit { limit: limit.key, held, needed })
    });
    let uncovered: Vec<_> = wildcard.into_iter().chain(permissions).chain(limits).collect();
    if uncovered.is_empty() { Ok(()) } else { Err(uncovered) }
}
