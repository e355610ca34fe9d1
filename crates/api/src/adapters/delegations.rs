//! What accounts need of the role engine: what a personal access token may do, and what it leaves of what its owner holds.

use std::sync::Arc;

use accounts::ports::{Delegated, Delegations};
use async_trait::async_trait;
use kernel::{
    authority::{Bounds, Grants, WorkspaceRef},
    clock::Clock,
    grant::Scope,
    ids::{UserId, WorkspaceId},
    problem::{FieldFault, Problem},
};
use policy::{Ceiling, CompiledRole, RoleDocument, Vocabulary, WILDCARD};
use serde_json::Value;
use workspace::Standings;

/// Delegates by the role engine.
#[derive(Debug)]
pub struct TokenDelegations {
    vocabulary: Vocabulary,
    standings: Arc<Standings>,
    clock: Clock,
}

impl TokenDelegations {
    /// Joins the two.
    pub fn new(vocabulary: Vocabulary, standings: Arc<Standings>, clock: Clock) -> Self {
        Self { vocabulary, standings, clock }
    }

    fn document(&self, permissions: &Value) -> Result<RoleDocument, Problem> {
        let document = self.vocabulary.parse(permissions).map_err(|faults| {
            let fault = |fault: policy::Fault| {
                let pointer = format!("/permissions{}", fault.pointer);
                FieldFault::new(pointer, fault.code, fault.message)
            };
            Problem::invalid(faults.into_iter().map(fault).collect())
        })?;
        if document.has_wildcard() {
            let detail = "A token names what it may do: with `*` it would get what nobody has thought of yet.";
            return Err(Problem::invalid_field(format!("/permissions/{WILDCARD}"), "wildcard_not_allowed", detail));
        }
        Ok(document)
    }

    /// Where `document` goes beyond all of `held`.
    fn beyond(&self, document: &RoleDocument, held: &[Arc<dyn Grants>]) -> Vec<FieldFault> {
        let each = self.vocabulary.permissions().filter_map(|(_, permission)| {
            let wanted = document.scope(permission);
            let most = held.iter().map(|grants| grants.scope(permission)).max().unwrap_or(Scope::None);
            let detail = format!("You hold it with scope `{}`, not `{}`.", most.as_str(), wanted.as_str());
            let pointer = format!("/permissions/{}", permission.key);
            (wanted > most).then(|| FieldFault::new(pointer, "beyond_your_own", detail))
        });
        each.collect()
    }
}

#[async_trait]
impl Delegations for TokenDelegations {
    async fn check(
        &self,
        user: UserId,
        workspace: Option<&WorkspaceRef>,
        permissions: &Value,
    ) -> Result<Delegated, Problem> {
        let document = self.document(permissions)?;
        let (standing, now) = (self.standings.standing(user).await?, self.clock.now());
        let (place, held): (_, Vec<_>) = if let Some(reference) = workspace {
            let seat = standing.find(reference, now).ok_or_else(|| {
                Problem::invalid_field("/workspace", "not_a_member", "You are not a member of such a workspace.")
            })?;
            (Some(seat.workspace), vec![Arc::clone(&seat.grants)])
        } else {
            let seats = standing.seats_at(now).map(|seat| Arc::clone(&seat.grants));
            (None, seats.chain(standing.platform.iter().map(|seat| Arc::clone(&seat.grants))).collect())
        };
        let beyond = self.beyond(&document, &held);
        if !beyond.is_empty() {
            return Err(Problem::invalid(beyond));
        }
        Ok(Delegated { workspace: place, permissions: document.to_value() })
    }

    fn bounds(&self, workspace: Option<WorkspaceId>, permissions: &Value) -> Arc<dyn Bounds> {
        // What is no longer declared is passed over: it grants nothing.
        let document = self.vocabulary.restore(permissions).document;
        Arc::new(Ceiling::new(workspace, CompiledRole::compile("token", &document, &self.vocabulary)))
    }
}
