//! Questions of authority: what the guard would answer, asked without doing anything.
//!
//! A question about one person and one resource runs the very loader and the very decision of the guard, so the two
//! can't disagree. A question about everybody loads the resource once, and decides for each role.

use std::{future::Future, pin::Pin, sync::Arc};

use sea_orm::DbErr;
use uuid::Uuid;

use super::{
    action::{Access, Action, Found, Identified, Place, Sight, Target, Tenant},
    decide::{Verdict, verdict},
    gate::Gate,
    lookup::{Keys, Lookup},
    permit::{Ground, Permit},
};
use crate::{
    authority::{Caller, Grants, SignIn, Standing},
    db::{Conn, Module},
    grant::{Decision, Permission, Relation, Scope},
    ids::{SessionId, UserId, WorkspaceId},
    problem::Problem,
};

/// A target about which can be asked who may do something with it.
pub trait Subject: Tenant {
    /// How a member stands to it who is not [related](Subject::related).
    const OTHERS: Relation = Relation::Other;

    /// Those who own it or take part in it, as it was loaded. At most one statement.
    fn related(&self, db: &Conn<'_>) -> impl Future<Output = Result<Vec<(UserId, Relation)>, DbErr>>;

    /// How many of a workspace's resources of this kind are such that someone of `span` stands to them as it says.
    fn count(db: &Conn<'_>, workspace: WorkspaceId, span: &Span<'_>) -> impl Future<Output = Result<u64, DbErr>>;
}

/// People, and relations in which they may stand to a resource.
#[derive(Clone, Copy, Debug)]
pub struct Span<'a> {
    /// Whose.
    pub users: &'a [UserId],
    relations: [bool; 3],
}

impl<'a> Span<'a> {
    /// The relations that one of two scopes reaches and the other doesn't, in any of the `changes`.
    pub fn of(users: &'a [UserId], changes: impl IntoIterator<Item = (Scope, Scope)>) -> Self {
        let mut relations = [false; 3];
        for (from, to) in changes {
            for relation in [Relation::Other, Relation::Assigned, Relation::Own] {
                relations[relation as usize] |= from.covers(relation) != to.covers(relation);
            }
        }
        Self { users, relations }
    }

    /// Whether `relation` is one of them.
    pub fn contains(&self, relation: Relation) -> bool {
        self.relations[relation as usize]
    }
}

type Asked<'a, T> = Pin<Box<dyn Future<Output = Result<T, Problem>> + 'a>>;
type Probe = for<'a> fn(&'a Gate, (Caller, Arc<Standing>), Keys<'a>, WorkspaceId) -> Asked<'a, Finding>;
type Gather = for<'a> fn(&'a Gate, Caller, Keys<'a>, WorkspaceId) -> Asked<'a, Option<Audience>>;
type Count = for<'a> fn(&'a Gate, WorkspaceId, Span<'a>) -> Asked<'a, u64>;

/// Something that is done to resources of a kind.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    permission: Option<&'static Permission>,
    probe: Probe,
}

impl Ask {
    /// What action `A` asks for.
    pub const fn of<A: Identified>() -> Self {
        let permission = match A::ACCESS {
            Access::Needs(permission) => Some(permission),
            Access::Public | Access::SignedIn => None,
        };
        Self { permission, probe: probe::<A> }
    }
}

/// A kind of resource that questions name, as `project`.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Its name in questions.
    pub name: &'static str,
    /// What the path of its routes calls its id; `{id}` is the workspace where that isn't `id`.
    key: &'static str,
    asks: &'static [Ask],
    reverse: Option<(Gather, Count)>,
}

impl Kind {
    /// A kind of which can be asked what someone may do, and who may do something.
    pub const fn of<S: Subject, M: Module>(name: &'static str, key: &'static str, asks: &'static [Ask]) -> Self {
        Self { name, key, asks, reverse: Some((gather::<S, M>, count::<S, M>)) }
    }

    /// A kind of which can be asked only what someone may do.
    pub const fn forward(name: &'static str, key: &'static str, asks: &'static [Ask]) -> Self {
        Self { name, key, asks, reverse: None }
    }

    /// What its resources are protected by.
    pub fn permissions(&self) -> impl Iterator<Item = &'static Permission> {
        self.asks.iter().filter_map(|ask| ask.permission)
    }

    fn ask(&self, permission: &Permission) -> Option<&Ask> {
        self.asks.iter().find(|ask| ask.permission.is_some_and(|known| known.key == permission.key))
    }

    /// Whether `permission` is about resources of this kind.
    pub fn takes(&self, permission: &Permission) -> bool {
        self.ask(permission).is_some()
    }

    /// Whether can be asked who may do something with its resources.
    pub fn is_reversible(&self) -> bool {
        self.reverse.is_some()
    }

    fn keys(&self, workspace: WorkspaceId, id: Uuid) -> [(&'static str, String); 2] {
        [(self.key, id.to_string()), ("id", workspace.to_string())]
    }
}

/// What the guard would answer someone.
#[expect(clippy::struct_excessive_bools, reason = "independent facts of one answer")]
#[derive(Clone, Debug)]
pub struct Finding {
    /// Whether they may know that the resource exists.
    pub known: bool,
    /// Whether it is allowed.
    pub allowed: bool,
    /// How they stand to the resource.
    pub relation: Option<Relation>,
    /// By whose right: the role that allows it, or else the one that came nearest; none for who holds nothing here.
    pub role: Option<Arc<dyn Grants>>,
    /// Whether that is a platform role.
    pub platform: bool,
    /// Whether it is their own account, which no role decides about.
    pub personal: bool,
}

impl Finding {
    /// The answer about someone who holds nothing here.
    pub fn nothing() -> Self {
        Self { known: false, allowed: false, relation: None, role: None, platform: false, personal: false }
    }

    fn by(ground: &Ground, known: bool, allowed: bool) -> Self {
        let relation = ground.relation();
        let (role, platform) = (ground.role_of(), ground.is_platform());
        Self { known, allowed, relation: Some(relation), role, platform, personal: false }
    }
}

/// A resource, with those who are related to it: from it follows for each role whether its holders may do something.
pub struct Audience {
    target: Box<dyn Visible>,
    /// Those who own it or take part in it.
    pub related: Vec<(UserId, Relation)>,
    /// How everybody else of the workspace stands to it.
    pub others: Relation,
}

impl std::fmt::Debug for Audience {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Audience").field("related", &self.related.len()).finish_non_exhaustive()
    }
}

trait Visible {
    fn visible(&self, sight: &Sight<'_>) -> bool;
}

impl<T: Target> Visible for T {
    fn visible(&self, sight: &Sight<'_>) -> bool {
        Target::visible(self, sight)
    }
}

impl Audience {
    /// Whether a member with this role who stands so to the resource may do what `permission` is for.
    pub fn admits(&self, grants: &dyn Grants, relation: Relation, permission: &'static Permission) -> bool {
        let sight = Sight { grants, relation, member: true };
        self.target.visible(&sight) && grants.decide(permission, relation) == Decision::Allowed
    }
}

impl<A: Identified<Target: Tenant>> Permit<A> {
    /// What the guard would answer `user` who did to the resource `id` of the permit's workspace what `permission` is
    /// for. `None` if the kind knows no such act. One statement, and another for someone not seen lately.
    pub async fn inquire(
        &self,
        kind: &Kind,
        permission: &'static Permission,
        id: Uuid,
        user: UserId,
    ) -> Result<Option<Finding>, Problem> {
        let Some(ask) = kind.ask(permission) else { return Ok(None) };
        let keys = kind.keys(self.workspace(), id);
        Ok(Some((ask.probe)(&self.gate, self.standing_of(user).await?, Keys::Given(&keys), self.workspace()).await?))
    }

    /// What the engine would answer `user` about `permission` for nothing in particular.
    pub async fn inquire_at_large(&self, permission: &'static Permission, user: UserId) -> Result<Finding, Problem> {
        let (_, standing) = self.standing_of(user).await?;
        let place = [(Some(self.workspace()), Relation::Other)];
        let verdict = verdict(permission, &super::Nothing, &place, &standing, self.now());
        Ok(found(verdict, &standing, &place, self.now()))
    }

    /// What `user` holds. Of others' platform roles only those who have one themselves are told.
    async fn standing_of(&self, user: UserId) -> Result<(Caller, Arc<Standing>), DbErr> {
        let standing = self.gate.authority.standing(user).await?;
        if user == self.caller() {
            return Ok((self.caller.clone(), self.caller.left_of_standing(standing)));
        }
        let other = Caller::from(SignIn { user, session: SessionId(Uuid::nil()) });
        if standing.platform.is_none() {
            return Ok((other, standing));
        }
        let own = self.gate.authority.standing(self.caller()).await?;
        if self.caller.left_of_standing(own).platform.is_some() {
            return Ok((other, standing));
        }
        Ok((other, Arc::new(Standing { platform: None, ..Standing::clone(&standing) })))
    }

    /// The resource `id` of the permit's workspace, to ask who may do something with it. `None` if there is none, or
    /// the kind can't be asked so.
    pub async fn audience(&self, kind: &Kind, id: Uuid) -> Result<Option<Audience>, Problem> {
        let Some((gather, _)) = kind.reverse else { return Ok(None) };
        let keys = kind.keys(self.workspace(), id);
        gather(&self.gate, self.caller.clone(), Keys::Given(&keys), self.workspace()).await
    }

    /// How many resources of this kind a change between two scopes touches for those who hold them.
    pub async fn count_touched(&self, kind: &Kind, span: Span<'_>) -> Result<Option<u64>, Problem> {
        let Some((_, count)) = kind.reverse else { return Ok(None) };
        Ok(Some(count(&self.gate, self.workspace(), span).await?))
    }
}

/// Runs the guard of action `A` for `user`, as far as the answer.
fn probe<'a, A: Action>(
    gate: &'a Gate,
    (caller, standing): (Caller, Arc<Standing>),
    keys: Keys<'a>,
    workspace: WorkspaceId,
) -> Asked<'a, Finding> {
    Box::pin(async move {
        let Access::Needs(permission) = A::ACCESS else { return Ok(Finding::nothing()) };
        let lookup = Lookup { gate, keys, module: A::Module::NAME, caller, standing: Arc::clone(&standing) };
        let found_target = match A::Target::find(&lookup).await {
            Ok(found) => found,
            Err(problem) if problem.status().is_server_error() => return Err(problem),
            // A loader that refuses by itself refuses here, too.
            Err(_) => None,
        };
        let Some(Found { target, place }) = found_target else { return Ok(Finding::nothing()) };
        let places: Vec<_> = match place {
            Place::Personal => {
                let own = Finding {
                    relation: Some(Relation::Own),
                    known: true,
                    allowed: true,
                    personal: true,
                    ..Finding::nothing()
                };
                return Ok(own);
            }
            // What lies elsewhere is none of this workspace's business.
            Place::In(places) => places.into_iter().filter(|(place, _)| *place == workspace).collect(),
            Place::Nowhere(_) => Vec::new(),
        };
        let places: Vec<_> = places.into_iter().map(|(place, relation)| (Some(place), relation)).collect();
        let now = lookup.now();
        Ok(found(verdict(permission, &target, &places, &standing, now), &standing, &places, now))
    })
}

fn found(
    verdict: Verdict,
    standing: &Standing,
    places: &[(Option<WorkspaceId>, Relation)],
    now: chrono::DateTime<chrono::Utc>,
) -> Finding {
    match verdict {
        Verdict::Allowed(ground) => Finding::by(&ground, true, true),
        Verdict::Denied(_, ground) => Finding::by(&ground, true, false),
        Verdict::Unknown => {
            let grounds =
                places.iter().flat_map(|(place, relation)| Ground::candidates(standing, *place, *relation, now));
            grounds.map(|ground| Finding::by(&ground, false, false)).next().unwrap_or_else(Finding::nothing)
        }
    }
}

fn gather<'a, S: Subject, M: Module>(
    gate: &'a Gate,
    caller: Caller,
    keys: Keys<'a>,
    workspace: WorkspaceId,
) -> Asked<'a, Option<Audience>> {
    Box::pin(async move {
        let standing = gate.authority.standing(caller.user).await?;
        let lookup = Lookup { gate, keys, module: M::NAME, caller, standing };
        let Some(found) = S::find(&lookup).await? else { return Ok(None) };
        if found.target.workspace() != workspace {
            return Ok(None);
        }
        let related = found.target.related(&lookup.db()).await?;
        Ok(Some(Audience { target: Box::new(found.target), related, others: S::OTHERS }))
    })
}

fn count<'a, S: Subject, M: Module>(gate: &'a Gate, workspace: WorkspaceId, span: Span<'a>) -> Asked<'a, u64> {
    Box::pin(async move { Ok(S::count(&Conn(gate.databases.connection(M::NAME)), workspace, &span).await?) })
}
