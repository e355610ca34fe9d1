//! The permit: proof that the engine allowed one action on one target.

use std::{fmt, marker::PhantomData, sync::Arc};

use actix_web::web;
use chrono::{DateTime, Utc};

use super::{
    action::{Action, Identified, InPerson, Tenant},
    gate::Gate,
};
use crate::{
    authority::{Caller, Claim, Credential, Grants, PlatformSeat, Seat, SignIn, Standing},
    db::{Conn, Module},
    facts::RequestFacts,
    grant::{Decision, Limit, Permission, Relation, Scope},
    ids::{RoleId, SessionId, UserId, WorkspaceId},
    problem::Problem,
};

/// By what right the action is allowed.
#[derive(Clone, Debug)]
pub(super) enum Ground {
    /// It is the caller's own, or open to all.
    Personal,
    /// By the role of a membership.
    Member { seat: Seat, relation: Relation },
    /// By a platform role.
    Platform { seat: PlatformSeat, workspace: Option<WorkspaceId>, relation: Relation },
}

impl Ground {
    /// The rights that `standing` may have in `workspace`, the membership's first.
    pub(super) fn candidates(
        standing: &Standing,
        workspace: Option<WorkspaceId>,
        relation: Relation,
        now: DateTime<Utc>,
    ) -> impl Iterator<Item = Self> {
        let seat = workspace.and_then(|workspace| standing.seat(workspace, now)).cloned();
        let member = seat.map(|seat| Self::Member { seat, relation });
        // A platform role stands outside of every workspace: it reaches by scope `any` or not at all, in lists as here.
        let outside = |seat| Self::Platform { seat, workspace, relation: Relation::Other };
        let platform = standing.platform.clone().map(outside);
        member.into_iter().chain(platform)
    }

    pub(super) fn grants(&self) -> Option<&dyn Grants> {
        self.shared_grants().map(AsRef::as_ref)
    }

    fn shared_grants(&self) -> Option<&Arc<dyn Grants>> {
        match self {
            Self::Personal => None,
            Self::Member { seat, .. } => Some(&seat.grants),
            Self::Platform { seat, .. } => Some(&seat.grants),
        }
    }

    /// The role itself.
    pub(super) fn role_of(&self) -> Option<Arc<dyn Grants>> {
        match self {
            Self::Personal => None,
            Self::Member { seat, .. } => Some(Arc::clone(&seat.grants)),
            Self::Platform { seat, .. } => Some(Arc::clone(&seat.grants)),
        }
    }

    pub(super) fn is_platform(&self) -> bool {
        matches!(self, Self::Platform { .. })
    }

    pub(super) fn relation(&self) -> Relation {
        match self {
            Self::Personal => Relation::Own,
            Self::Member { relation, .. } | Self::Platform { relation, .. } => *relation,
        }
    }

    fn workspace(&self) -> Option<WorkspaceId> {
        match self {
            Self::Personal => None,
            Self::Member { seat, .. } => Some(seat.workspace),
            Self::Platform { workspace, .. } => *workspace,
        }
    }

    fn role(&self) -> Option<(RoleId, i32)> {
        match self {
            Self::Personal => None,
            Self::Member { seat, .. } => Some((seat.role_id, seat.role_version)),
            Self::Platform { seat, .. } => Some((seat.role_id, seat.role_version)),
        }
    }
}

/// Proof that `A` is allowed, with all that it takes to do it. Its fields are private and the guard is its only mint.
pub struct Permit<A: Action> {
    pub(super) gate: web::Data<Gate>,
    pub(super) caller: Caller,
    target: A::Target,
    ground: Ground,
    pub(super) facts: Arc<RequestFacts>,
    action: PhantomData<fn() -> A>,
}

impl<A: Action> fmt::Debug for Permit<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permit").field("caller", &self.caller).field("ground", &self.ground).finish_non_exhaustive()
    }
}

impl<A: Action> Permit<A> {
    pub(super) fn mint(
        gate: web::Data<Gate>,
        caller: Caller,
        target: A::Target,
        ground: Ground,
        facts: Arc<RequestFacts>,
    ) -> Self {
        Self { gate, caller, target, ground, facts, action: PhantomData }
    }

    /// What the guard loaded. It may have changed since: what a write rests on is read again in its transaction.
    pub fn target(&self) -> &A::Target {
        &self.target
    }

    /// A connection to the database of the action's module.
    pub fn db(&self) -> Conn<'_> {
        Conn(self.gate.databases.connection(A::Module::NAME))
    }

    /// The instant, by the server's clock.
    pub fn now(&self) -> DateTime<Utc> {
        self.gate.clock.now()
    }

    /// What is known of the request.
    pub fn facts(&self) -> &RequestFacts {
        &self.facts
    }
}

impl<A: Identified> Permit<A> {
    /// Who acts.
    pub fn caller(&self) -> UserId {
        self.caller.user
    }

    /// Who acts, and what says so.
    pub fn acting(&self) -> &Caller {
        &self.caller
    }

    /// What the role by which it is allowed grants, less what a token takes away: all that may be handed on. The
    /// stored role may be more, so never ask that instead.
    pub fn grants(&self) -> Option<Arc<dyn Grants>> {
        self.ground.shared_grants().cloned()
    }

    /// How the caller stands to the target.
    pub fn relation(&self) -> Relation {
        self.ground.relation()
    }

    /// The workspace by whose role the action is allowed; none where it is the caller's own.
    pub fn place(&self) -> Option<WorkspaceId> {
        self.ground.workspace()
    }

    /// Whether it is allowed by a platform role and nothing else.
    pub fn is_platform(&self) -> bool {
        self.ground.is_platform()
    }

    /// The role by which it is allowed. What is granted through it, [`Permit::grants`] says.
    pub fn role(&self) -> Option<RoleId> {
        self.ground.role().map(|(role, _)| role)
    }

    /// Whether the same role also grants `permission` for this target.
    pub fn holds(&self, permission: &Permission) -> bool {
        self.ground.grants().is_some_and(|grants| grants.scope(permission).covers(self.relation()))
    }

    /// How far the same role grants `permission`, for what is made or looked up beside the target.
    pub fn scope(&self, permission: &Permission) -> Scope {
        self.ground.grants().map_or(Scope::None, |grants| grants.scope(permission))
    }

    /// 403 with the reason, unless the same role also grants `permission` for this target.
    pub fn require(&self, permission: &'static Permission) -> Result<(), Problem> {
        self.require_at(permission, self.relation())
    }

    /// 403 with the reason, unless the same role also grants `permission` for targets to which the caller stands in
    /// `relation`; for what takes more than the relation at hand.
    pub fn require_at(&self, permission: &'static Permission, relation: Relation) -> Result<(), Problem> {
        let decision = self.ground.grants().map(|grants| grants.decide(permission, relation));
        match decision {
            Some(Decision::Denied(denial)) => Err(Problem::denied(&denial)),
            Some(Decision::Allowed) | None => Ok(()),
        }
    }

    /// The bound that the role sets, if any.
    pub fn limit(&self, limit: &Limit) -> Option<i64> {
        self.ground.grants()?.limit(limit)
    }

    /// The name of the role by which it is allowed.
    pub fn role_name(&self) -> Option<&str> {
        self.ground.grants().map(Grants::role)
    }

    /// Whether both are allowed by the same role in the same place.
    pub(super) fn rests_on_the_same_as(&self, other: &Self) -> bool {
        let rest = |permit: &Self| (permit.place(), permit.ground.role(), permit.is_platform(), permit.caller.user);
        rest(self) == rest(other)
    }

    pub(super) fn claim(&self) -> Claim {
        Claim {
            user: self.caller.user,
            by: self.caller.by.clone(),
            workspace: self.ground.workspace(),
            role: self.ground.role(),
            platform: self.is_platform(),
        }
    }
}

impl<A: InPerson> Permit<A> {
    /// Who acts, and through which sign-in.
    pub fn session(&self) -> SignIn {
        let session = match self.caller.by {
            Credential::Session(session) => session,
            // The guard lets no token in here; did it, this would be a session of nobody.
            Credential::Token(..) => SessionId(uuid::Uuid::nil()),
        };
        SignIn { user: self.caller.user, session }
    }
}

impl<A: Action<Target: Tenant>> Permit<A> {
    /// The workspace of the target: the one that every query of this action names.
    pub fn workspace(&self) -> WorkspaceId {
        self.target.workspace()
    }
}
