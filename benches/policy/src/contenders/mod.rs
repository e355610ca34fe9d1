//! The contenders: each is loaded with the same world and asked the same questions.

pub mod casbin;
pub mod cedar;
pub mod json;
pub mod lobby;

use anyhow::Result;

use crate::{
    agreement::Answers,
    footprint::{self, Footprint},
    speed::{self, Speed},
    world::{Question, World},
};

/// An engine in one encoding of the rules.
pub trait Contender: Sized {
    /// A word for it.
    const ID: &'static str;
    /// What it is and how the rules are written in it.
    const LABEL: &'static str;
    /// A question in its own words. Made before the clock starts, as generously as a program could keep it.
    type Asked;

    fn load(world: &World) -> Result<Self>;
    fn asked(&self, question: &Question) -> Self::Asked;
    fn allows(&self, asked: &Self::Asked) -> bool;
}

/// A contender and how to measure it.
pub struct Entry {
    pub id: &'static str,
    pub label: &'static str,
    pub speed: fn(&World, &Answers) -> Result<Speed>,
    pub footprint: fn(&World, footprint::Count) -> Result<Footprint>,
}

fn entry<C: Contender>() -> Entry {
    Entry { id: C::ID, label: C::LABEL, speed: speed::measure::<C>, footprint: footprint::measure::<C> }
}

/// All of them, Lobby first: the others are compared with it.
pub fn all() -> Vec<Entry> {
    vec![
        entry::<lobby::Lobby>(),
        entry::<lobby::InHand>(),
        entry::<lobby::Guarded>(),
        entry::<json::Json>(),
        entry::<cedar::GrantsAsAncestors>(),
        entry::<cedar::RolesAsEntities>(),
        entry::<cedar::UsersAsEntities>(),
        entry::<cedar::PoliciesPerWorkspace>(),
        entry::<cedar::PoliciesTogether>(),
        entry::<casbin::Sets>(),
        entry::<casbin::PerWorkspace>(),
        entry::<casbin::Remembering>(),
        entry::<casbin::Domains>(),
    ]
}
