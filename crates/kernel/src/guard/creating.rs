//! The guard of actions whose workspace is named in the body: it knows the caller first and decides when told where.

use std::{pin::Pin, sync::Arc};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};

use super::{
    action::{Access, Found, Identified, InWorkspace, Tenant},
    decide::settle,
    gate::Gate,
    lookup::{Keys, Lookup},
    permit::Permit,
};
use crate::{
    authority::{Caller, Grants, Standing, WorkspaceRef},
    db::Module,
    facts::RequestFacts,
    grant::{Relation, Scope},
    problem::Problem,
};

/// A signed-in caller on the way to a permit. Nothing can be done with it but to ask for one.
#[derive(Debug)]
pub struct Creating<A: Identified<Target = InWorkspace>> {
    gate: web::Data<Gate>,
    caller: Caller,
    standing: Arc<Standing>,
    request: HttpRequest,
    action: std::marker::PhantomData<fn() -> A>,
}

impl<A: Identified<Target = InWorkspace>> FromRequest for Creating<A> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let gate = Gate::of(&request)?;
            let (caller, standing) = gate.admit(&request).await?;
            Ok(Self { gate, caller, standing, request, action: std::marker::PhantomData })
        })
    }
}

impl<A: Identified<Target = InWorkspace>> Creating<A> {
    /// Whether there is any workspace where the caller may do this: to be asked where much of a body comes before it says
    /// which workspace it is for. Costs no statement.
    pub fn is_possible(&self) -> bool {
        let Access::Needs(permission) = A::ACCESS else { return true };
        let grants = |grants: &dyn Grants| grants.scope(permission) != Scope::None;
        let now = self.gate.clock.now();
        self.standing.seats_at(now).any(|seat| grants(seat.grants.as_ref()))
            || self.standing.platform.as_ref().is_some_and(|seat| grants(seat.grants.as_ref()))
    }

    /// Decides about the workspace that the body names. It may be left out by a caller who belongs to exactly one.
    pub async fn permit_in(&self, workspace: Option<&WorkspaceRef>) -> Result<Permit<A>, Problem> {
        self.decide(workspace, Relation::Other).await
    }

    /// The same about what the caller makes for themselves: a grant that reaches their own is enough.
    pub async fn permit_for_self_in(&self, workspace: Option<&WorkspaceRef>) -> Result<Permit<A>, Problem> {
        self.decide(workspace, Relation::Own).await
    }

    async fn decide(&self, workspace: Option<&WorkspaceRef>, relation: Relation) -> Result<Permit<A>, Problem> {
        let lookup = Lookup {
            gate: &self.gate,
            keys: Keys::Path(&self.request),
            module: A::Module::NAME,
            caller: self.caller.clone(),
            standing: Arc::clone(&self.standing),
        };
        let reference = match workspace {
            Some(reference) => reference.clone(),
            None => self.only_workspace()?,
        };
        let Found { target, .. } = lookup.workspace(&reference).await?.ok_or_else(Problem::not_found)?;
        let found = Found::in_workspace(target, target.workspace(), relation);
        let (target, ground) = settle::<A>(found, &self.caller, &self.standing, lookup.now())?;
        Ok(Permit::mint(self.gate.clone(), self.caller.clone(), target, ground, RequestFacts::of(&self.request)))
    }

    fn only_workspace(&self) -> Result<WorkspaceRef, Problem> {
        let mut seats = self.standing.seats_at(self.gate.clock.now());
        match (seats.next(), seats.next()) {
            (Some(seat), None) => Ok(WorkspaceRef::Id(seat.workspace)),
            _ => Err(Problem::invalid_field(
                "/workspace",
                "workspace_required",
                "Name the workspace; it may be left out only by someone who belongs to exactly one.",
            )),
        }
    }
}
