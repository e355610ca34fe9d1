//! The rules that every contender is loaded with, and the questions that it is asked.

use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use kernel::{
    grant::{Permission, Relation, Scope},
    ids::{UserId, WorkspaceId},
};
use policy::{Blueprint, RoleDocument, Vocabulary};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::Value;
use uuid::Uuid;

pub const ROLES_PER_WORKSPACE: usize = 4;
pub const MEMBERS_PER_WORKSPACE: usize = 10;
pub const RELATIONS: [Relation; 3] = [Relation::Other, Relation::Assigned, Relation::Own];

const BLUEPRINTS: [&str; 4] = [
    include_str!("../../../config/blueprints/crafo.json"),
    include_str!("../../../config/blueprints/devhub.json"),
    include_str!("../../../config/blueprints/gallery.json"),
    include_str!("../../../config/blueprints/lobby.json"),
];

/// A role as a blueprint writes it.
#[derive(Debug)]
pub struct RoleText {
    pub name: String,
    pub document: RoleDocument,
    pub json: Value,
}

impl RoleText {
    /// The permissions that reach a resource so related: what the contenders without wildcards are loaded with.
    pub fn granted<'a>(
        &'a self,
        vocabulary: &'a Vocabulary,
        relation: Relation,
    ) -> impl Iterator<Item = &'static Permission> + 'a {
        let permissions = vocabulary.permissions().map(|(_, permission)| permission);
        permissions.filter(move |permission| self.document.scope(permission).covers(relation))
    }

    /// Every permission that it grants, with the scope.
    pub fn grants<'a>(&'a self, vocabulary: &'a Vocabulary) -> impl Iterator<Item = (&'static Permission, Scope)> + 'a {
        let permissions = vocabulary.permissions().map(|(_, permission)| permission);
        permissions
            .map(|permission| (permission, self.document.scope(permission)))
            .filter(|(_, scope)| *scope > Scope::None)
    }
}

#[derive(Debug)]
pub struct Workspace {
    pub id: WorkspaceId,
    pub roles: Arc<[Arc<RoleText>]>,
    /// Each with the index of their role.
    pub members: Vec<(UserId, usize)>,
}

#[derive(Debug)]
pub struct World {
    pub vocabulary: Vocabulary,
    pub workspaces: Vec<Workspace>,
}

/// May this member do this to a resource to which they stand so?
#[derive(Clone, Copy, Debug)]
pub struct Question {
    pub workspace: WorkspaceId,
    pub user: UserId,
    /// The index of their role among the workspace's: only for contenders that let the program look it up themselves.
    pub role: usize,
    pub permission: &'static Permission,
    pub relation: Relation,
}

impl World {
    /// So many workspaces, each with four roles of the shipped blueprints and ten members. The same for the same number.
    pub fn new(workspaces: usize) -> Result<Self> {
        let vocabulary = api::modules::vocabulary()?;
        let models = models(&vocabulary)?;
        let mut random = StdRng::seed_from_u64(7);
        let workspaces = (0..workspaces).map(|number| Workspace {
            id: WorkspaceId(uuid(&mut random)),
            roles: Arc::clone(&models[number % models.len()]),
            members: (0..MEMBERS_PER_WORKSPACE)
                .map(|_| (UserId(uuid(&mut random)), random.random_range(0..ROLES_PER_WORKSPACE)))
                .collect(),
        });
        Ok(Self { workspaces: workspaces.collect(), vocabulary })
    }

    /// So many random questions. The same for the same number.
    pub fn sample(&self, size: usize) -> Vec<Question> {
        let permissions: Vec<_> = self.vocabulary.permissions().map(|(_, permission)| permission).collect();
        let mut random = StdRng::seed_from_u64(11);
        let mut pick = |below: usize| random.random_range(0..below);
        let questions = (0..size).map(|_| {
            let workspace = &self.workspaces[pick(self.workspaces.len())];
            let (user, role) = workspace.members[pick(workspace.members.len())];
            let (permission, relation) = (permissions[pick(permissions.len())], RELATIONS[pick(3)]);
            Question { workspace: workspace.id, user, role, permission, relation }
        });
        questions.collect()
    }

    /// Every role of every blueprint × every permission × every relation.
    pub fn everything(&self) -> Vec<Question> {
        let mut questions = Vec::new();
        for model in 0..BLUEPRINTS.len() {
            for role in 0..ROLES_PER_WORKSPACE {
                // The first workspace of that model in which somebody holds that role.
                let holder = self.workspaces.iter().skip(model).step_by(BLUEPRINTS.len()).find_map(|workspace| {
                    let member = workspace.members.iter().find(|(_, held)| *held == role)?;
                    Some((workspace.id, member.0))
                });
                let Some((workspace, user)) = holder else { continue };
                for (_, permission) in self.vocabulary.permissions() {
                    let ask = |relation| Question { workspace, user, role, permission, relation };
                    questions.extend(RELATIONS.map(ask));
                }
            }
        }
        questions
    }
}

/// The role models: each blueprint's roles, where it has three with a fourth from another.
fn models(vocabulary: &Vocabulary) -> Result<Vec<Arc<[Arc<RoleText>]>>> {
    let mut models = Vec::new();
    for text in BLUEPRINTS {
        let blueprint = Blueprint::parse(text, vocabulary).map_err(|faults| anyhow!("a blueprint: {faults:?}"))?;
        models.push(
            blueprint
                .roles
                .into_iter()
                .map(|role| {
                    let json = role.permissions.to_value();
                    Arc::new(RoleText { name: role.name, document: role.permissions, json })
                })
                .collect::<Vec<_>>(),
        );
    }
    let developer = models.iter().flatten().find(|role| role.name == "developer").cloned().context("no developer")?;
    for roles in &mut models {
        if roles.len() < ROLES_PER_WORKSPACE {
            roles.push(Arc::clone(&developer));
        }
    }
    Ok(models.into_iter().map(Arc::from).collect())
}

/// Of the same form as those of the product, from a seed.
fn uuid(random: &mut StdRng) -> Uuid {
    uuid::Builder::from_unix_timestamp_millis(1_700_000_000_000 + random.random_range(0..1_000_000), &random.random())
        .into_uuid()
}
