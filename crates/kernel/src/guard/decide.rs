//! The decision: from a request to a permit, or to 401, 404 or 403.

use std::{pin::Pin, sync::Arc};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};

use super::{
    action::{Access, Action, Found, Place, Sight, Target},
    gate::Gate,
    lookup::{Keys, Lookup},
    permit::{Ground, Permit},
};
use crate::{
    authority::{Caller, SignIn, Standing},
    facts::RequestFacts,
    grant::{Decision, Denial, Permission, Relation},
    ids::{SessionId, UserId, WorkspaceId},
    problem::Problem,
};

/// The extractor that makes a handler's authority: it verifies the token, loads the target, asks the engine, and
/// refuses by itself.
#[derive(Debug)]
pub struct Guarded<A: Action> {
    permit: Permit<A>,
}

impl<A: Action> Guarded<A> {
    /// What the caller may do.
    pub fn permit(&self) -> &Permit<A> {
        &self.permit
    }
}

impl<A: Action> FromRequest for Guarded<A> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let gate = Gate::of(&request)?;
            let permit = decide::<A>(gate, &request).await?;
            Ok(Self { permit })
        })
    }
}

/// Whoever comes in through a public door.
const NOBODY: SignIn = SignIn { user: UserId(uuid::Uuid::nil()), session: SessionId(uuid::Uuid::nil()) };

pub(super) async fn decide<A: Action>(gate: web::Data<Gate>, request: &HttpRequest) -> Result<Permit<A>, Problem> {
    let (caller, standing) = match A::ACCESS {
        Access::Public => (NOBODY.into(), Arc::new(Standing::none(NOBODY.user))),
        Access::SignedIn | Access::Needs(_) => gate.admit(request).await?,
    };
    // Before anything is looked for: to a token, what it may not do doesn't depend on what there is.
    if A::ACCESS == Access::SignedIn {
        refuse_uninvited_token::<A>(&caller)?;
    }
    let lookup = Lookup {
        gate: &gate,
        keys: Keys::Path(request),
        module: <A::Module as crate::db::Module>::NAME,
        caller: caller.clone(),
        standing: Arc::clone(&standing),
    };
    let found = A::Target::find(&lookup).await?.ok_or_else(Problem::not_found)?;
    let (target, ground) = settle::<A>(found, &caller, &standing, lookup.now())?;

    let facts = RequestFacts::of(request);
    if let Some(etag) = target.etag()
        && !request.method().is_safe()
    {
        facts.check_if_match(&etag)?;
    }
    Ok(Permit::mint(gate, caller, target, ground, facts))
}

/// Decides about a loaded target.
pub(super) fn settle<A: Action>(
    found: Found<A::Target>,
    caller: &Caller,
    standing: &Standing,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(A::Target, Ground), Problem> {
    let Found { target, place } = found;
    let permission = match (A::ACCESS, &place) {
        (Access::Public, _) => return Ok((target, Ground::Personal)),
        (_, Place::Personal) => {
            refuse_uninvited_token::<A>(caller)?;
            return Ok((target, Ground::Personal));
        }
        (Access::SignedIn, Place::In(_) | Place::Nowhere(_)) => return Err(Problem::not_found()),
        (Access::Needs(permission), Place::In(_) | Place::Nowhere(_)) => permission,
    };
    let places: Vec<_> = match place {
        Place::In(places) => places.into_iter().map(|(workspace, relation)| (Some(workspace), relation)).collect(),
        Place::Nowhere(relation) => vec![(None, relation)],
        Place::Personal => return Err(Problem::not_found()),
    };
    let ground = weigh(permission, &target, &places, standing, now)?;
    Ok((target, ground))
}

/// What is the caller's own takes no grant, so a token's bounds would not bound it: there it needs an invitation.
fn refuse_uninvited_token<A: Action>(caller: &Caller) -> Result<(), Problem> {
    if caller.token().is_some() && !A::TOKENS_WELCOME { Err(Problem::token_not_allowed()) } else { Ok(()) }
}

/// What the engine says of a loaded target.
#[derive(Debug)]
pub(super) enum Verdict {
    /// Allowed, by this right.
    Allowed(Ground),
    /// Refused, for this reason, to someone who may know of it by this right.
    Denied(Denial, Ground),
    /// Not to be known of.
    Unknown,
}

/// Tries the caller's roles on every place of the target; membership before platform role, so that an act counts as a
/// platform administrator's only when no membership allows it.
pub(super) fn verdict<T: Target>(
    permission: &'static Permission,
    target: &T,
    places: &[(Option<WorkspaceId>, Relation)],
    standing: &Standing,
    now: chrono::DateTime<chrono::Utc>,
) -> Verdict {
    let mut refusal = None;
    for &(workspace, relation) in places {
        for ground in Ground::candidates(standing, workspace, relation, now) {
            let Some(grants) = ground.grants() else { continue };
            let relation = ground.relation();
            let sight = Sight { grants, relation, member: !ground.is_platform() };
            if !target.visible(&sight) {
                continue;
            }
            match grants.decide(permission, relation) {
                Decision::Allowed => return Verdict::Allowed(ground),
                Decision::Denied(denial) => refusal = refusal.or(Some((denial, ground))),
            }
        }
    }
    refusal.map_or(Verdict::Unknown, |(denial, ground)| Verdict::Denied(denial, ground))
}

fn weigh<T: Target>(
    permission: &'static Permission,
    target: &T,
    places: &[(Option<WorkspaceId>, Relation)],
    standing: &Standing,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Ground, Problem> {
    match verdict(permission, target, places, standing, now) {
        Verdict::Allowed(ground) => Ok(ground),
        Verdict::Denied(denial, _) => Err(Problem::denied(&denial)),
        Verdict::Unknown => Err(Problem::not_found()),
    }
}
