//! The rules of workspaces, their members and roles, and the transactions that keep them.

mod acting;
mod answering;
mod create;
mod developers;
mod edit;
mod grants;
mod history;
mod holders;
mod inquiry;
mod inviting;
mod join;
mod kept;
mod list;
mod member_changes;
mod members;
mod owner;
mod role_delete;
mod role_edit;
mod roles;
mod seats;
mod simulate;

use std::sync::Arc;

use kernel::{guard::Kind, keyring::Keyring};
use policy::Vocabulary;

pub(crate) use acting::Acting;
pub(crate) use answering::{accept, check_backed, is_for, presented, token};
pub(crate) use create::{Founding, created, found};
pub(crate) use inviting::role_of;
pub(crate) use join::role_of_joiner;
pub(crate) use kept::check_kept;
pub(crate) use member_changes::{
    MemberChange, announce_added, change, end, ended, held, promoted, remove, role_changed, withheld,
};
pub(crate) use owner::hand_over;
pub(crate) use role_edit::RoleChange;
pub(crate) use roles::named;
pub(crate) use seats::require_seat;

use crate::{
    blueprints::Blueprints,
    ports::{People, Portfolios},
    standings::Standings,
};

/// Workspaces, their members and their roles.
pub struct Workspaces {
    blueprints: Blueprints,
    standings: Arc<Standings>,
    people: Arc<dyn People>,
    portfolios: Arc<dyn Portfolios>,
    /// Derives the tokens of invitations.
    keyring: Keyring,
    /// The kinds of resources about which can be asked who may do what.
    kinds: Vec<Kind>,
}

impl std::fmt::Debug for Workspaces {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Workspaces")
    }
}

impl Workspaces {
    /// The service of an instance; register it as `web::Data<Workspaces>`. `kinds` are those of every domain, and `keyring`
    /// is what the tokens of invitations are derived from.
    pub fn new(
        blueprints: Blueprints,
        standings: Arc<Standings>,
        people: Arc<dyn People>,
        portfolios: Arc<dyn Portfolios>,
        keyring: Keyring,
        kinds: Vec<Kind>,
    ) -> Self {
        Self { blueprints, standings, people, portfolios, keyring, kinds }
    }

    /// The role models that a workspace can start with.
    pub fn blueprints(&self) -> &Blueprints {
        &self.blueprints
    }

    /// The words of role documents.
    pub fn vocabulary(&self) -> &Vocabulary {
        self.standings.roles().vocabulary()
    }
}
