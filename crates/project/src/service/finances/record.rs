//! Recording an operation: once for its key, within the budget, with what it posts to the ledger.

use kernel::{
    guard::{Permit, Tx},
    http::Created,
    outbox::Event,
};

use super::{Finances, Proof, refused, request_key, workspace_of};
use crate::{
    actions::{OfProject, RecordOperation},
    dto::{BillingKind, NewOperation, OperationKind, OperationView},
    error::ProjectError,
    events,
    money::{Operation, OperationId, Settings, transfer_of},
    permissions::CAN_MANAGE_PROJECT_BILLING,
    service::require_active,
    store::{self, money::Use},
};

impl Finances {
    /// Records an operation. Repeated with the same key it is recorded once: soon after the same reply comes again, and
    /// for good there is no second.
    pub(crate) async fn record(
        &self,
        permit: &Permit<RecordOperation>,
        new: NewOperation,
        proof: Option<Proof>,
    ) -> Result<Created<OperationView>, ProjectError> {
        let key = permit.facts().idempotency_key.as_deref().ok_or(ProjectError::KeyRequired)?;
        let key = request_key(permit, key);
        if new.allow_over_budget {
            permit.require(&CAN_MANAGE_PROJECT_BILLING)?;
        }
        // Asked before the transaction, which must not wait for a second connection.
        let currency = match permit.target().settings() {
            Some(settings) => settings.currency.clone(),
            None => self.default_currency(workspace_of(permit)).await?,
        };
        let draft = drafted(permit, &new, &currency, proof.as_ref());
        if let Some(proof) = proof {
            self.put_proof(&draft, proof).await?;
        }
        let recorded = self.write(permit, draft.clone(), key, new.allow_over_budget).await;
        match recorded {
            Ok((operation, reply)) => {
                if !self.posts_within() {
                    self.post_after(&operation).await?;
                }
                Ok(reply)
            }
            Err(error) => {
                if !error.is_of_database() {
                    self.delete_proof(&draft).await;
                }
                Err(error)
            }
        }
    }

    async fn write(
        &self,
        permit: &Permit<RecordOperation>,
        mut operation: Operation,
        key: [u8; 32],
        may_exceed: bool,
    ) -> Result<(Operation, Created<OperationView>), ProjectError> {
        let tx = permit.begin().await?;
        let (project, settings) = store::money::lock_books(&tx).await?;
        require_active(&project)?;
        let settings = match settings {
            Some(settings) => settings,
            None => store::money::fix_currency(&tx, &operation.currency).await?,
        };
        operation.currency.clone_from(&settings.currency);
        if operation.kind == OperationKind::Invoice && settings.kind == Some(BillingKind::NonBillable) {
            return Err(ProjectError::NotBillable);
        }
        operation.over_budget = within_budget(&tx, &settings, &operation, may_exceed).await?;
        if let Err(error) = store::money::insert(&tx, &operation, key).await {
            drop(tx);
            return Err(refused(permit, &operation, key, error).await);
        }
        if self.posts_within() {
            self.ledger.post_in(&tx, &transfer_of(&operation)?).await?;
        }
        tx.announce(recorded(&operation)).await?;
        let view = OperationView::from(operation.clone());
        let reply = Created::at(format!("/operations/{}", operation.id), None, view);
        tx.commit_with(&reply).await?;
        Ok((operation, reply))
    }
}

fn drafted(permit: &Permit<RecordOperation>, new: &NewOperation, currency: &str, proof: Option<&Proof>) -> Operation {
    let now = permit.now();
    Operation {
        id: OperationId::new(now),
        workspace_id: workspace_of(permit),
        project_id: permit.target().project().id,
        kind: new.kind.into(),
        amount: new.amount,
        currency: currency.to_owned(),
        description: new.description.clone(),
        occurred_on: new.occurred_on.unwrap_or_else(|| now.date_naive()),
        over_budget: false,
        recorded_at: now,
        recorded_by: permit.caller(),
        reverses: None,
        proof_type: proof.map(|proof| proof.media_type.to_owned()),
        proof_name: proof.and_then(|proof| proof.name.clone()),
        proof_bytes: proof.map(|proof| i64::try_from(proof.bytes.len()).unwrap_or(i64::MAX)),
        reversed_by: None,
        reversed_kind: None,
    }
}

/// Uses up what it takes of the budget; answers whether it goes beyond.
async fn within_budget(
    tx: &Tx<'_, RecordOperation>,
    settings: &Settings,
    operation: &Operation,
    may_exceed: bool,
) -> Result<bool, ProjectError> {
    let Some(limit) = settings.budget else { return Ok(false) };
    match store::money::use_budget(tx, operation.kind, operation.amount, may_exceed).await? {
        Use::Within => Ok(false),
        Use::Beyond => Ok(true),
        Use::Refused { used } => Err(ProjectError::BudgetExceeded { limit, used, currency: settings.currency.clone() }),
    }
}

/// What is told of an operation.
pub(super) fn recorded(operation: &Operation) -> Event {
    let action = if operation.reverses.is_some() { events::OPERATION_REVERSED } else { events::OPERATION_RECORDED };
    let event = Event::new(action, events::OPERATION, operation.id.0, operation.recorded_at)
        .fact("project_id", operation.project_id.to_string())
        .fact("type", operation.kind.as_str())
        .fact("amount", operation.amount)
        .fact("currency", operation.currency.as_str())
        .fact("occurred_on", operation.occurred_on.to_string());
    let event = if operation.over_budget { event.fact("over_budget", true) } else { event };
    match operation.reverses {
        Some(reversed) => event.fact("reverses", reversed.to_string()),
        None => event,
    }
}
