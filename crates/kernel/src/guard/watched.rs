//! The guard of what lasts: a permit that is asked for again while an answer is being sent.

use std::pin::Pin;

use actix_web::{FromRequest, HttpRequest, dev::Payload};

use super::{action::Action, decide::decide, gate::Gate, permit::Permit};
use crate::problem::Problem;

/// The extractor of an answer that goes on for long. Whoever sends it asks [`Watched::again`] before each part: the very
/// decision that let the request in, on what is true by then.
#[derive(Debug)]
pub struct Watched<A: Action> {
    request: HttpRequest,
    permit: Permit<A>,
}

impl<A: Action> Watched<A> {
    /// What the caller was allowed when it was asked last.
    pub fn permit(&self) -> &Permit<A> {
        &self.permit
    }

    /// Decides once more, and answers as the guard does where it is no longer allowed.
    pub async fn again(&mut self) -> Result<&Permit<A>, Problem> {
        let gate = Gate::of(&self.request)?;
        self.permit = decide::<A>(gate, &self.request).await?;
        Ok(&self.permit)
    }
}

impl<A: Action> FromRequest for Watched<A> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let gate = Gate::of(&request)?;
            let permit = decide::<A>(gate, &request).await?;
            Ok(Self { request, permit })
        })
    }
}
