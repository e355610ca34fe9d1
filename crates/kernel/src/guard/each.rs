//! The guard of what is done to many things in one request: it knows the caller first, and decides about each thing as
//! that thing's own route does.

use std::{marker::PhantomData, pin::Pin, sync::Arc};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use uuid::Uuid;

use super::{
    action::Identified,
    decide::settle,
    gate::Gate,
    lookup::{Keys, Lookup},
    permit::Permit,
};
use crate::{
    authority::{Caller, Standing},
    db::Module,
    facts::RequestFacts,
    problem::Problem,
};

/// A signed-in caller on the way to one permit for each thing. Nothing can be done with it but to ask for them. A
/// personal access token won't do, as where nothing but being signed in is asked for.
#[derive(Debug)]
pub struct Each<A: Identified> {
    gate: web::Data<Gate>,
    caller: Caller,
    standing: Arc<Standing>,
    facts: Arc<RequestFacts>,
    action: PhantomData<fn() -> A>,
}

impl<A: Identified> FromRequest for Each<A> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let gate = Gate::of(&request)?;
            let (caller, standing) = gate.admit(&request).await?;
            if caller.token().is_some() {
                return Err(Problem::token_not_allowed());
            }
            Ok(Self { gate, caller, standing, facts: RequestFacts::of(&request), action: PhantomData })
        })
    }
}

impl<A: Identified> Each<A> {
    /// Decides about the thing that the path of its own route would call `{id}`: a permit, or 404 or 403.
    pub async fn permit(&self, id: Uuid) -> Result<Permit<A>, Problem> {
        let keys = [("id", id.to_string())];
        let lookup = Lookup {
            gate: &self.gate,
            keys: Keys::Given(&keys),
            module: A::Module::NAME,
            caller: self.caller.clone(),
            standing: Arc::clone(&self.standing),
        };
        let found = <A::Target as super::Target>::find(&lookup).await?.ok_or_else(Problem::not_found)?;
        let (target, ground) = settle::<A>(found, &self.caller, &self.standing, lookup.now())?;
        Ok(Permit::mint(self.gate.clone(), self.caller.clone(), target, ground, Arc::clone(&self.facts)))
    }
}
