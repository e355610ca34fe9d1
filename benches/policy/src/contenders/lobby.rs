//! Lobby: compiled roles, asked through the guard's trait.

use std::{
    collections::HashMap,
    hint::black_box,
    sync::{Arc, PoisonError, RwLock},
};

use anyhow::Result;
use foldhash::fast::RandomState;
use kernel::{
    authority::{Grants, Seat, Standing},
    clock::Clock,
    grant::Decision,
    ids::{RoleId, UserId, WorkspaceId},
};
use policy::CompiledRole;

use super::Contender;
use crate::world::{Question, Workspace, World};

/// The roles of a workspace, read from their JSON and compiled: each row anew, though most are alike.
fn compiled(workspace: &Workspace, world: &World) -> Vec<Arc<dyn Grants>> {
    let compile = |role: &crate::world::RoleText| -> Arc<dyn Grants> {
        let document = world.vocabulary.restore(&role.json).document;
        Arc::new(CompiledRole::compile(role.name.as_str(), &document, &world.vocabulary))
    };
    workspace.roles.iter().map(|role| compile(role)).collect()
}

/// Roles by workspace and member.
pub struct Lobby(HashMap<(WorkspaceId, UserId), Arc<dyn Grants>, RandomState>);

impl Contender for Lobby {
    const ID: &'static str = "lobby";
    const LABEL: &'static str = "Lobby: role by (workspace, user), decided";
    type Asked = Question;

    fn load(world: &World) -> Result<Self> {
        let members = world.workspaces.iter().map(|workspace| workspace.members.len()).sum();
        let mut roles = HashMap::with_capacity_and_hasher(members, RandomState::default());
        for workspace in &world.workspaces {
            let compiled = compiled(workspace, world);
            for (user, role) in &workspace.members {
                roles.insert((workspace.id, *user), Arc::clone(&compiled[*role]));
            }
        }
        Ok(Self(roles))
    }

    fn asked(&self, question: &Question) -> Question {
        *question
    }

    fn allows(&self, asked: &Question) -> bool {
        let grants = self.0.get(&(asked.workspace, asked.user));
        grants.is_some_and(|grants| grants.decide(asked.permission, asked.relation) == Decision::Allowed)
    }
}

/// The decision alone, the role being at hand.
pub struct InHand(Lobby);

impl Contender for InHand {
    const ID: &'static str = "lobby-in-hand";
    const LABEL: &'static str = "Lobby: the decision alone, role in hand";
    type Asked = (Arc<dyn Grants>, Question);

    fn load(world: &World) -> Result<Self> {
        Ok(Self(Lobby::load(world)?))
    }

    fn asked(&self, question: &Question) -> Self::Asked {
        (Arc::clone(&self.0.0[&(question.workspace, question.user)]), *question)
    }

    fn allows(&self, (grants, question): &Self::Asked) -> bool {
        black_box(grants).decide(question.permission, question.relation) == Decision::Allowed
    }
}

/// With all that the guard keeps of a person: their standing behind a lock, their seats with slug and end.
pub struct Guarded {
    standings: RwLock<HashMap<UserId, Arc<Standing>, RandomState>>,
    clock: Clock,
}

impl Contender for Guarded {
    const ID: &'static str = "lobby-standing";
    const LABEL: &'static str = "Lobby: standing of the user, seat in the workspace, decided";
    type Asked = Question;

    fn load(world: &World) -> Result<Self> {
        let mut standings = HashMap::default();
        for (number, workspace) in world.workspaces.iter().enumerate() {
            let compiled = compiled(workspace, world);
            for (user, role) in &workspace.members {
                let seat = Seat {
                    workspace: workspace.id,
                    slug: format!("workspace-{number}"),
                    owner: false,
                    expires_at: None,
                    role_id: RoleId(user.0),
                    role_version: 1,
                    grants: Arc::clone(&compiled[*role]),
                };
                standings.insert(*user, Arc::new(Standing { user: *user, seats: vec![seat], platform: None }));
            }
        }
        Ok(Self { standings: RwLock::new(standings), clock: Clock::system() })
    }

    fn asked(&self, question: &Question) -> Question {
        *question
    }

    fn allows(&self, asked: &Question) -> bool {
        let standing = self.standings.read().unwrap_or_else(PoisonError::into_inner).get(&asked.user).cloned();
        let Some(standing) = standing else { return false };
        let seat = standing.seat(asked.workspace, self.clock.now());
        seat.is_some_and(|seat| seat.grants.decide(asked.permission, asked.relation) == Decision::Allowed)
    }
}
