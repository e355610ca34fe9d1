//! The guard of what is done to many things in one request: it knows the caller first, and decides about each thing as
//! that thing's own route does.

use std::{collections::HashMap, future::Future, marker::PhantomData, pin::Pin, sync::Arc};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use uuid::Uuid;

use super::{
    action::{Action, Found, Identified, Target},
    decide::settle,
    gate::Gate,
    lookup::{Keys, Lookup},
    permit::Permit,
    transaction::Tx,
};
use crate::{
    authority::{Caller, Standing},
    db::Module,
    facts::RequestFacts,
    failure::Failure,
    problem::Problem,
};

/// A target of which many can be loaded at once.
pub trait Several: Target {
    /// Loads those of `ids` that there are, each as [`Target::find`] would by the path parameter `id`, in one statement.
    fn find_all(lookup: &Lookup<'_>, ids: &[Uuid])
    -> impl Future<Output = Result<HashMap<Uuid, Found<Self>>, Problem>>;
}

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

impl<A: Identified<Target: Several>> Each<A> {
    /// Looks for all of them in one statement, and decides about each as its own route would: a permit, or 404 or 403.
    /// The answers are in the order of `ids`.
    pub async fn permits(&self, ids: &[Uuid]) -> Result<Vec<Result<Permit<A>, Problem>>, Problem> {
        let lookup = Lookup {
            gate: &self.gate,
            keys: Keys::Given(&[]),
            module: A::Module::NAME,
            caller: self.caller.clone(),
            standing: Arc::clone(&self.standing),
        };
        let mut found = A::Target::find_all(&lookup, ids).await?;
        let now = lookup.now();
        let decide = |id: &Uuid| {
            let found = found.remove(id).ok_or_else(Problem::not_found)?;
            let (target, ground) = settle::<A>(found, &self.caller, &self.standing, now)?;
            Ok(Permit::mint(self.gate.clone(), self.caller.clone(), target, ground, Arc::clone(&self.facts)))
        };
        Ok(ids.iter().map(decide).collect())
    }
}

/// Permits that rest on the same: one role in one workspace. What they allow can be done in one transaction, for what
/// confirms one of them confirms them all.
#[derive(Debug)]
pub struct Batch<A: Action> {
    first: Permit<A>,
    others: Vec<Permit<A>>,
}

impl<A: Identified> Batch<A> {
    /// Puts those together that rest on the same.
    pub fn of(permits: impl IntoIterator<Item = Permit<A>>) -> Vec<Self> {
        let mut batches: Vec<Self> = Vec::new();
        for permit in permits {
            match batches.iter_mut().find(|batch| batch.first.rests_on_the_same_as(&permit)) {
                Some(batch) => batch.others.push(permit),
                None => batches.push(Self { first: permit, others: Vec::new() }),
            }
        }
        batches
    }

    /// The targets, in the order in which they came.
    pub fn targets(&self) -> impl Iterator<Item = &A::Target> {
        std::iter::once(&self.first).chain(&self.others).map(Permit::target)
    }

    /// The first of them, to which the transaction belongs. Its target is no more than the others.
    pub fn first(&self) -> &Permit<A> {
        &self.first
    }

    /// Opens one transaction for all.
    pub async fn begin(&self) -> Result<Tx<'_, A>, Failure> {
        self.first.begin().await
    }
}
