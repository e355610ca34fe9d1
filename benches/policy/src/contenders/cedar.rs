//! Cedar, in five encodings. Requests are made of entity ids that are at hand; users are found by the program or by
//! Cedar, as each encoding says.

use std::{
    collections::{HashMap, HashSet},
    fmt::Write as _,
    str::FromStr,
};

use anyhow::Result;
use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression,
};
use foldhash::fast::RandomState;
use kernel::{
    grant::{Permission, Relation},
    ids::{UserId, WorkspaceId},
};

use super::Contender;
use crate::world::{Question, RELATIONS, Workspace, World};

/// A question as Cedar's entities.
pub struct Asked {
    workspace: WorkspaceId,
    user: UserId,
    action: EntityUid,
    resource: EntityUid,
}

/// Makes entity ids; type names are parsed once.
struct Ids {
    user: EntityTypeName,
    role: EntityTypeName,
    action: EntityTypeName,
    relation: EntityTypeName,
    grant: EntityTypeName,
}

fn id(kind: &EntityTypeName, name: impl AsRef<str>) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(name))
}

fn word(relation: Relation) -> &'static str {
    match relation {
        Relation::Other => "other",
        Relation::Assigned => "assigned",
        Relation::Own => "own",
    }
}

impl Ids {
    fn new() -> Result<Self> {
        Ok(Self {
            user: EntityTypeName::from_str("User")?,
            role: EntityTypeName::from_str("Role")?,
            action: EntityTypeName::from_str("Action")?,
            relation: EntityTypeName::from_str("Relation")?,
            grant: EntityTypeName::from_str("Grant")?,
        })
    }

    fn user(&self, workspace: WorkspaceId, user: UserId) -> EntityUid {
        id(&self.user, format!("{}/{}", workspace.0, user.0))
    }

    fn role(&self, workspace: &Workspace, role: usize) -> EntityUid {
        id(&self.role, format!("{}/{}", workspace.id.0, workspace.roles[role].name))
    }

    fn action(&self, permission: &Permission) -> EntityUid {
        id(&self.action, permission.key)
    }

    fn relation(&self, relation: Relation) -> EntityUid {
        id(&self.relation, word(relation))
    }

    fn grant(&self, permission: &Permission, relation: Relation) -> EntityUid {
        id(&self.grant, format!("{}/{}", permission.key, word(relation)))
    }

    fn asked(&self, question: &Question) -> Asked {
        Asked {
            workspace: question.workspace,
            user: question.user,
            action: self.action(question.permission),
            resource: self.relation(question.relation),
        }
    }

    /// The role's three sets of actions, one for each relation.
    fn sets(&self, workspace: &Workspace, role: usize, world: &World) -> HashMap<String, RestrictedExpression> {
        let sets = RELATIONS.map(|relation| {
            let granted = workspace.roles[role].granted(&world.vocabulary, relation);
            let actions = granted.map(|permission| RestrictedExpression::new_entity_uid(self.action(permission)));
            (word(relation).to_owned(), RestrictedExpression::new_set(actions))
        });
        sets.into()
    }
}

type RoleIds = HashMap<(WorkspaceId, UserId), EntityUid, RandomState>;

fn role_ids(world: &World, ids: &Ids) -> RoleIds {
    let mut held = RoleIds::default();
    for workspace in &world.workspaces {
        let roles: Vec<_> = (0..workspace.roles.len()).map(|role| ids.role(workspace, role)).collect();
        held.extend(workspace.members.iter().map(|(user, role)| ((workspace.id, *user), roles[*role].clone())));
    }
    held
}

/// Every workspace's roles by index.
fn roles(world: &World) -> impl Iterator<Item = (&Workspace, usize)> {
    world.workspaces.iter().flat_map(|workspace| (0..workspace.roles.len()).map(move |role| (workspace, role)))
}

fn decide(principal: &EntityUid, asked: &Asked, policies: &PolicySet, entities: &Entities) -> bool {
    let (action, resource) = (asked.action.clone(), asked.resource.clone());
    let request = Request::new(principal.clone(), action, resource, Context::empty(), None);
    request.is_ok_and(|request| {
        Authorizer::new().is_authorized(&request, policies, entities).decision() == Decision::Allow
    })
}

/// One policy; users are entities with a role, roles are entities with sets of actions.
pub struct UsersAsEntities {
    ids: Ids,
    policies: PolicySet,
    entities: Entities,
    users: HashMap<(WorkspaceId, UserId), EntityUid, RandomState>,
}

impl Contender for UsersAsEntities {
    const ID: &'static str = "cedar-users";
    const LABEL: &'static str = "Cedar: one policy, users and roles as entities with sets";
    type Asked = Asked;

    fn load(world: &World) -> Result<Self> {
        let ids = Ids::new()?;
        let policies = PolicySet::from_str(
            r#"permit(principal, action, resource) when {
                (resource == Relation::"own" && principal.role.own.contains(action))
                || (resource == Relation::"assigned" && principal.role.assigned.contains(action))
                || (resource == Relation::"other" && principal.role.other.contains(action))
            };"#,
        )?;
        let mut entities = Vec::new();
        for (workspace, role) in roles(world) {
            let sets = ids.sets(workspace, role, world);
            entities.push(Entity::new(ids.role(workspace, role), sets, HashSet::new())?);
        }
        let mut users = HashMap::default();
        for workspace in &world.workspaces {
            for (user, role) in &workspace.members {
                let role = RestrictedExpression::new_entity_uid(ids.role(workspace, *role));
                let attributes = HashMap::from([("role".to_owned(), role)]);
                let id = ids.user(workspace.id, *user);
                users.insert((workspace.id, *user), id.clone());
                entities.push(Entity::new(id, attributes, HashSet::new())?);
            }
        }
        Ok(Self { ids, policies, entities: Entities::from_entities(entities, None)?, users })
    }

    fn asked(&self, question: &Question) -> Asked {
        self.ids.asked(question)
    }

    fn allows(&self, asked: &Asked) -> bool {
        let user = self.users.get(&(asked.workspace, asked.user));
        user.is_some_and(|user| decide(user, asked, &self.policies, &self.entities))
    }
}

/// One policy; the program finds the role, which is the principal, an entity with sets of actions.
pub struct RolesAsEntities {
    ids: Ids,
    policies: PolicySet,
    entities: Entities,
    held: RoleIds,
}

impl Contender for RolesAsEntities {
    const ID: &'static str = "cedar-roles";
    const LABEL: &'static str = "Cedar: one policy, the role found outside, roles with sets";
    type Asked = Asked;

    fn load(world: &World) -> Result<Self> {
        let ids = Ids::new()?;
        let policies = PolicySet::from_str(
            r#"permit(principal, action, resource) when {
                (resource == Relation::"own" && principal.own.contains(action))
                || (resource == Relation::"assigned" && principal.assigned.contains(action))
                || (resource == Relation::"other" && principal.other.contains(action))
            };"#,
        )?;
        let entities = roles(world).map(|(workspace, role)| {
            let sets = ids.sets(workspace, role, world);
            Ok(Entity::new(ids.role(workspace, role), sets, HashSet::new())?)
        });
        let entities = Entities::from_entities(entities.collect::<Result<Vec<_>>>()?, None)?;
        Ok(Self { held: role_ids(world, &ids), ids, policies, entities })
    }

    fn asked(&self, question: &Question) -> Asked {
        self.ids.asked(question)
    }

    fn allows(&self, asked: &Asked) -> bool {
        let role = self.held.get(&(asked.workspace, asked.user));
        role.is_some_and(|role| decide(role, asked, &self.policies, &self.entities))
    }
}

/// One policy, `principal in resource`; the program finds the role, whose ancestors are what it grants.
pub struct GrantsAsAncestors {
    ids: Ids,
    policies: PolicySet,
    entities: Entities,
    held: RoleIds,
}

impl Contender for GrantsAsAncestors {
    const ID: &'static str = "cedar-ancestors";
    const LABEL: &'static str = "Cedar: one policy, the role found outside, grants as its ancestors";
    type Asked = Asked;

    fn load(world: &World) -> Result<Self> {
        let ids = Ids::new()?;
        let policies = PolicySet::from_str("permit(principal, action, resource) when { principal in resource };")?;
        let entities = roles(world).map(|(workspace, role)| {
            let granted =
                |relation| workspace.roles[role].granted(&world.vocabulary, relation).map(move |it| (it, relation));
            let grants = RELATIONS.into_iter().flat_map(granted);
            let grants = grants.map(|(permission, relation)| ids.grant(permission, relation)).collect();
            Entity::new_no_attrs(ids.role(workspace, role), grants)
        });
        let entities = Entities::from_entities(entities.collect::<Vec<_>>(), None)?;
        Ok(Self { held: role_ids(world, &ids), ids, policies, entities })
    }

    fn asked(&self, question: &Question) -> Asked {
        Asked { resource: self.ids.grant(question.permission, question.relation), ..self.ids.asked(question) }
    }

    fn allows(&self, asked: &Asked) -> bool {
        let role = self.held.get(&(asked.workspace, asked.user));
        role.is_some_and(|role| decide(role, asked, &self.policies, &self.entities))
    }
}

/// The policies of a workspace: one for each role and relation.
fn write_policies(text: &mut String, workspace: &Workspace, ids: &Ids, world: &World) {
    for (role, document) in workspace.roles.iter().enumerate() {
        for relation in RELATIONS {
            let granted: Vec<_> =
                document.granted(&world.vocabulary, relation).map(|it| ids.action(it).to_string()).collect();
            if !granted.is_empty() {
                let _ = writeln!(
                    text,
                    "permit(principal == {}, action in [{}], resource == {});",
                    ids.role(workspace, role),
                    granted.join(", "),
                    ids.relation(relation)
                );
            }
        }
    }
}

/// A policy per role and relation, a set of policies per workspace; the program finds the set and the role.
pub struct PoliciesPerWorkspace {
    ids: Ids,
    policies: HashMap<WorkspaceId, PolicySet, RandomState>,
    nothing: Entities,
    held: RoleIds,
}

impl Contender for PoliciesPerWorkspace {
    const ID: &'static str = "cedar-policies-apart";
    const LABEL: &'static str = "Cedar: a policy per role and relation, a policy set per workspace";
    type Asked = Asked;

    fn load(world: &World) -> Result<Self> {
        let ids = Ids::new()?;
        let mut policies = HashMap::default();
        for workspace in &world.workspaces {
            let mut text = String::new();
            write_policies(&mut text, workspace, &ids, world);
            policies.insert(workspace.id, PolicySet::from_str(&text)?);
        }
        Ok(Self { held: role_ids(world, &ids), ids, policies, nothing: Entities::empty() })
    }

    fn asked(&self, question: &Question) -> Asked {
        self.ids.asked(question)
    }

    fn allows(&self, asked: &Asked) -> bool {
        let role = self.held.get(&(asked.workspace, asked.user));
        let found = role.zip(self.policies.get(&asked.workspace));
        found.is_some_and(|(role, policies)| decide(role, asked, policies, &self.nothing))
    }
}

/// A policy per role and relation, all in one set.
pub struct PoliciesTogether {
    ids: Ids,
    policies: PolicySet,
    nothing: Entities,
    held: RoleIds,
}

impl Contender for PoliciesTogether {
    const ID: &'static str = "cedar-policies-together";
    const LABEL: &'static str = "Cedar: a policy per role and relation, one policy set";
    type Asked = Asked;

    fn load(world: &World) -> Result<Self> {
        let ids = Ids::new()?;
        let mut text = String::new();
        for workspace in &world.workspaces {
            write_policies(&mut text, workspace, &ids, world);
        }
        let policies = PolicySet::from_str(&text)?;
        Ok(Self { held: role_ids(world, &ids), ids, policies, nothing: Entities::empty() })
    }

    fn asked(&self, question: &Question) -> Asked {
        self.ids.asked(question)
    }

    fn allows(&self, asked: &Asked) -> bool {
        let role = self.held.get(&(asked.workspace, asked.user));
        role.is_some_and(|role| decide(role, asked, &self.policies, &self.nothing))
    }
}
