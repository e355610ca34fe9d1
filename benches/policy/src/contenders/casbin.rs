//! casbin, in four encodings. Wildcards are loaded as what they grant, since a named key may take something out of one.

use std::collections::HashMap;

use ::casbin::{
    CachedEnforcer, CoreApi, DefaultModel, Enforcer, MemoryAdapter, MgmtApi,
    function_map::OperatorFunction,
    rhai::{Dynamic, ImmutableString},
};
use anyhow::Result;
use foldhash::fast::RandomState;
use futures::executor::block_on;
use kernel::{grant::Relation, ids::WorkspaceId};

use super::Contender;
use crate::world::{Question, RELATIONS, Workspace, World};

/// A line per grant. The cheap comparison first: what follows is only evaluated on lines about the permission.
const LINES: &str = r#"
[request_definition]
r = sub, act, rel
[policy_definition]
p = sub, act, scope
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.act == p.act && (p.scope == "any" || p.scope == r.rel || (p.scope == "assigned" && r.rel == "own")) && g(r.sub, p.sub)
"#;

/// The same with workspaces as domains.
const DOMAINS: &str = r#"
[request_definition]
r = sub, dom, act, rel
[policy_definition]
p = sub, dom, act, scope
[role_definition]
g = _, _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.dom == p.dom && r.act == p.act && (p.scope == "any" || p.scope == r.rel || (p.scope == "assigned" && r.rel == "own")) && g(r.sub, p.sub, r.dom)
"#;

/// A line per role and relation, with all permissions in it, found by a function that the program adds (casbin's own
/// expressions can't search a text); the role is found by the program, too.
const SETS: &str = r#"
[request_definition]
r = sub, act
[policy_definition]
p = sub, acts
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.sub == p.sub && holds(p.acts, r.act)
"#;

fn word(relation: Relation) -> &'static str {
    match relation {
        Relation::Other => "any",
        Relation::Assigned => "assigned",
        Relation::Own => "own",
    }
}

async fn enforcer<E: CoreApi>(model: &str) -> Result<E> {
    Ok(E::new(DefaultModel::from_str(model).await?, MemoryAdapter::default()).await?)
}

fn lines(workspace: &Workspace, world: &World) -> Vec<Vec<String>> {
    let roles = workspace.roles.iter();
    let lines = roles.flat_map(|role| {
        let grants = role.grants(&world.vocabulary);
        grants.map(|(permission, scope)| vec![role.name.clone(), permission.key.to_owned(), scope.as_str().to_owned()])
    });
    lines.collect()
}

fn members(workspace: &Workspace) -> Vec<Vec<String>> {
    let members = workspace.members.iter();
    members.map(|(user, role)| vec![user.0.to_string(), workspace.roles[*role].name.clone()]).collect()
}

async fn rbac<E: CoreApi + MgmtApi>(workspace: &Workspace, world: &World) -> Result<E> {
    let mut enforcer: E = enforcer(LINES).await?;
    enforcer.add_policies(lines(workspace, world)).await?;
    enforcer.add_grouping_policies(members(workspace)).await?;
    Ok(enforcer)
}

/// Subject, permission, relation, and where to ask.
pub struct Asked {
    workspace: WorkspaceId,
    subject: String,
    permission: &'static str,
    relation: &'static str,
}

fn asked(question: &Question) -> Asked {
    Asked {
        workspace: question.workspace,
        subject: question.user.0.to_string(),
        permission: question.permission.key,
        relation: word(question.relation),
    }
}

/// An enforcer per workspace, a line per grant.
pub struct PerWorkspace(HashMap<WorkspaceId, Enforcer, RandomState>);

impl Contender for PerWorkspace {
    const ID: &'static str = "casbin-lines";
    const LABEL: &'static str = "casbin: an enforcer per workspace, a line per grant";
    type Asked = Asked;

    fn load(world: &World) -> Result<Self> {
        let enforcers = world.workspaces.iter().map(|workspace| Ok((workspace.id, block_on(rbac(workspace, world))?)));
        Ok(Self(enforcers.collect::<Result<_>>()?))
    }

    fn asked(&self, question: &Question) -> Asked {
        asked(question)
    }

    fn allows(&self, asked: &Asked) -> bool {
        let enforcer = self.0.get(&asked.workspace);
        enforcer
            .is_some_and(|it| it.enforce((asked.subject.as_str(), asked.permission, asked.relation)).unwrap_or(false))
    }
}

/// The same, remembering answers: not a decision but the memory of one, until any rule changes.
pub struct Remembering(HashMap<WorkspaceId, CachedEnforcer, RandomState>);

impl Contender for Remembering {
    const ID: &'static str = "casbin-remembering";
    const LABEL: &'static str = "casbin: the same, its cache on and the answer in it";
    type Asked = Asked;

    fn load(world: &World) -> Result<Self> {
        let enforcers = world.workspaces.iter().map(|workspace| Ok((workspace.id, block_on(rbac(workspace, world))?)));
        Ok(Self(enforcers.collect::<Result<_>>()?))
    }

    fn asked(&self, question: &Question) -> Asked {
        asked(question)
    }

    fn allows(&self, asked: &Asked) -> bool {
        let enforcer = self.0.get(&asked.workspace);
        enforcer
            .is_some_and(|it| it.enforce((asked.subject.as_str(), asked.permission, asked.relation)).unwrap_or(false))
    }
}

/// One enforcer, workspaces as domains, a line per grant.
pub struct Domains(Enforcer);

impl Contender for Domains {
    const ID: &'static str = "casbin-domains";
    const LABEL: &'static str = "casbin: one enforcer, workspaces as domains, a line per grant";
    type Asked = (String, Asked);

    fn load(world: &World) -> Result<Self> {
        let mut policies = Vec::new();
        let mut groups = Vec::new();
        for workspace in &world.workspaces {
            let domain = workspace.id.0.to_string();
            policies.extend(lines(workspace, world).into_iter().map(|mut line| {
                line.insert(1, domain.clone());
                line
            }));
            groups.extend(members(workspace).into_iter().map(|mut line| {
                line.push(domain.clone());
                line
            }));
        }
        let enforcer = async {
            let mut enforcer: Enforcer = enforcer(DOMAINS).await?;
            enforcer.add_policies(policies).await?;
            enforcer.add_grouping_policies(groups).await?;
            anyhow::Ok(enforcer)
        };
        Ok(Self(block_on(enforcer)?))
    }

    fn asked(&self, question: &Question) -> Self::Asked {
        (question.workspace.0.to_string(), asked(question))
    }

    fn allows(&self, (domain, asked): &Self::Asked) -> bool {
        let request = (asked.subject.as_str(), domain.as_str(), asked.permission, asked.relation);
        self.0.enforce(request).unwrap_or(false)
    }
}

/// Whether a line's permissions have this one among them.
fn holds(acts: Dynamic, act: Dynamic) -> Dynamic {
    let found = match (acts.read_lock::<ImmutableString>(), act.read_lock::<ImmutableString>()) {
        (Some(acts), Some(act)) => acts.contains(act.as_str()),
        _ => false,
    };
    found.into()
}

/// An enforcer per workspace, a line per role and relation.
pub struct Sets {
    enforcers: HashMap<WorkspaceId, Enforcer, RandomState>,
    /// What subjects are called: the role's name and the relation.
    subjects: Vec<Vec<String>>,
    models: HashMap<WorkspaceId, usize, RandomState>,
}

impl Contender for Sets {
    const ID: &'static str = "casbin-sets";
    const LABEL: &'static str =
        "casbin: an enforcer per workspace, the role found outside, a line per role and relation";
    type Asked = Asked;

    fn load(world: &World) -> Result<Self> {
        let mut loaded = Self { enforcers: HashMap::default(), subjects: Vec::new(), models: HashMap::default() };
        for workspace in &world.workspaces {
            let mut lines = Vec::new();
            for role in workspace.roles.iter() {
                for relation in RELATIONS {
                    // Framed, so that no key is found within another.
                    let acts: String =
                        role.granted(&world.vocabulary, relation).map(|it| format!("{};", it.key)).collect();
                    lines.push(vec![format!("{}/{}", role.name, word(relation)), format!(";{acts}")]);
                }
            }
            let names: Vec<String> = workspace.roles.iter().map(|role| role.name.clone()).collect();
            let model = loaded.subjects.iter().position(|known| *known == names).unwrap_or_else(|| {
                loaded.subjects.push(names);
                loaded.subjects.len() - 1
            });
            loaded.models.insert(workspace.id, model);
            let enforcer = async {
                let mut enforcer: Enforcer = enforcer(SETS).await?;
                enforcer.add_function("holds", OperatorFunction::Arg2(holds));
                enforcer.add_policies(lines).await?;
                anyhow::Ok(enforcer)
            };
            loaded.enforcers.insert(workspace.id, block_on(enforcer)?);
        }
        Ok(loaded)
    }

    fn asked(&self, question: &Question) -> Asked {
        let role = &self.subjects[self.models[&question.workspace]][question.role];
        let relation = word(question.relation);
        let subject = format!("{role}/{relation}");
        // The keys are of a fixed vocabulary: a program keeps them framed.
        Asked { subject, permission: format!(";{};", question.permission.key).leak(), ..asked(question) }
    }

    fn allows(&self, asked: &Asked) -> bool {
        let enforcer = self.enforcers.get(&asked.workspace);
        enforcer.is_some_and(|it| it.enforce((asked.subject.as_str(), asked.permission)).unwrap_or(false))
    }
}
